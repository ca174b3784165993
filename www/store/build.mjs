// Builds the demo shop: `node www/store/build.mjs --catalogue data/catalogue.csv --dist dist --out target/demo`.
// The generator is TypeScript; esbuild turns it into one module under target/ and this file runs it.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const work = join(root, "target/store");
await mkdir(work, { recursive: true });
const generator = join(work, "generator.mjs");
const common = { bundle: true, format: "esm", logLevel: "warning" };
await Promise.all([
  build({
    ...common,
    entryPoints: [join(here, "src/main.ts")],
    outfile: generator,
    platform: "node",
    packages: "external",
  }),
  build({
    ...common,
    entryPoints: [join(here, "client/main.ts")],
    outfile: join(work, "shop.js"),
    platform: "browser",
    target: "es2022",
    minify: true,
  }),
  build({
    ...common,
    entryPoints: [join(here, "store.css")],
    outfile: join(work, "store.css"),
    minify: true,
    external: ["*.woff2"],
  }),
]);
const { run } = await import(`${pathToFileURL(generator).href}?${Date.now()}`);
process.exitCode = await run(process.argv.slice(2), { root, work });
