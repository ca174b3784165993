// From the glue of both modules and the sources of js/ to dist/: bundles, modules, types and error texts.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { slim } from "./glue.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = `${root}dist`;
/** The shopper's module: what a first page view runs, products, the rest, and all in one for those who embed it. */
const [first, products, rest, whole] = ["first", "products", "rest", "shelfwise_bg"].map(
  (name) => `${root}target/glue/runtime/${name}.wasm`,
);
const inspect = `${root}target/glue/inspect/shelfwise_inspect_bg.wasm`;

const integrity = (path) => `sha256-${createHash("sha256").update(readFileSync(path)).digest("base64")}`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
copyFileSync(first, `${dist}/shelfwise_bg.wasm`);
copyFileSync(products, `${dist}/shelfwise_products_bg.wasm`);
copyFileSync(rest, `${dist}/shelfwise_rest_bg.wasm`);
copyFileSync(inspect, `${dist}/shelfwise_inspect_bg.wasm`);
copyFileSync(`${root}docs/errors.md`, `${dist}/errors.md`);

/** What every bundle shares: one baseline of browsers, and what is only known once the modules are built. */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["es2022"],
  alias: {
    "#glue": "./target/glue/runtime/shelfwise.js",
    "#inspect-glue": "./target/glue/inspect/shelfwise_inspect.js",
  },
  define: {
    WASM_INTEGRITY: JSON.stringify(integrity(first)),
    PRODUCTS_INTEGRITY: JSON.stringify(integrity(products)),
    REST_INTEGRITY: JSON.stringify(integrity(rest)),
    INSPECT_INTEGRITY: JSON.stringify(integrity(inspect)),
  },
  plugins: [
    {
      name: "glue",
      setup: (build) =>
        build.onLoad({ filter: /glue\/runtime\/shelfwise\.js$/ }, ({ path }) => ({
          contents: slim(readFileSync(path, "utf8")),
        })),
    },
  ],
  logLevel: "warning",
};

const entry = (name) => `js/entrypoints/${name}.ts`;

/** What is loaded when it is needed, by every entry alike. */
const chunks = ["ed25519", "fresh", "inspect", "json-ld", "marks", "message"];
const external = chunks.map((name) => `./${name}.js`);

await build({ ...common, entryPoints: [entry("script")], format: "iife", outfile: "dist/shelfwise.js" });
await build({
  ...common,
  entryPoints: ["index", ...chunks].map(entry),
  format: "esm",
  outdir: "dist",
  external,
});
await build({
  ...common,
  entryPoints: [entry("inline")],
  format: "esm",
  outdir: "dist",
  external,
  define: { ...common.define, WASM_BASE64: JSON.stringify(readFileSync(whole).toString("base64")) },
});

/** The boot snippet is text to inline: no directive prologue, no line end, and no `</script` can be in it. */
async function boot(templates) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry("boot")],
    format: "iife",
    target: ["es2020"],
    define: { TEMPLATES: String(templates) },
    write: false,
  });
  return outputFiles[0].text.trim().replace(/^"use strict";/, "");
}

const [text, templates] = await Promise.all([boot(false), boot(true)]);
writeFileSync(`${dist}/boot.js`, text);
writeFileSync(`${dist}/boot-templates.js`, templates);
const texts = {
  boot: ["The boot snippet, to inline first in the head.", text],
  bootTemplates: ["The same, where campaigns name templates of the page.", templates],
};
const exported = (line) => Object.entries(texts).map(line).join("");
writeFileSync(
  `${dist}/boot-text.js`,
  exported(([name, [says, text]]) => `/** ${says} */\nexport const ${name} = ${JSON.stringify(text)};\n`),
);
writeFileSync(
  `${dist}/boot-text.d.ts`,
  exported(([name, [says]]) => `/** ${says} */\nexport declare const ${name}: string;\n`),
);

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "js/build/tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const name of ["index", "inline", "inspect"])
  writeFileSync(`${dist}/${name}.d.ts`, `export * from "./types/entrypoints/${name}.js";\n`);
