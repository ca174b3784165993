// `node tests/figures/recommend.mjs FOLDER`: prints one JSON object.
//
// FOLDER is what crates/cli/examples/recommend_figures.rs leaves: a pack of RetailRocket's size (or of a synthetic log's), the
// product files that its shoppers need, and their five last products. The inspector's module, which is the shopper's engine
// with a window, ranks the top 20 of `for-you` for each of them, in Node's V8, the call from JavaScript included.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const VIEW_ITEM = 2;
const TOP = 20;
const ROUNDS = 200;
const { initSync, Module } = await import(pathToFileURL(join("target/glue/inspect/shelfwise_inspect.js")).href);
initSync({ module: new WebAssembly.Module(await readFile("dist/shelfwise_inspect_bg.wasm")) });

const core = await readFile(join(folder, "core.bin"));
const shoppers = (await readFile(join(folder, "shoppers.tsv"), "utf8")).trim().split("\n");
const module = new Module("figures");
if (module.core(core) !== 0) throw new Error("the module refused the core file");
for (const [kind, place] of [["index", "index"], ["items", "files"]]) {
  for (const name of await readdir(join(folder, place))) {
    const refusal = module.load(kind, Number(name), await readFile(join(folder, place, name)));
    if (refusal !== 0) throw new Error(`the module refused ${kind} file ${name}: ${refusal}`);
  }
}

const samples = [];
let shown = 0;
for (const shopper of shoppers) {
  // The last five views are what counts.
  for (const item of shopper.split("\t")) module.track(VIEW_ITEM, "", 0, `${item}\t\t\t\t0\t1\n`);
  shown += module.rank("for-you", TOP);
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.hrtime.bigint();
    module.rank("for-you", TOP);
    // The first rounds are V8's to warm up.
    if (round > ROUNDS / 4) samples.push(Number(process.hrtime.bigint() - started) / 1000);
  }
}
if (shown < shoppers.length * TOP * 0.8) throw new Error(`rows are not full: ${shown} products for ${shoppers.length} shoppers`);
samples.sort((left, right) => left - right);
const at = (share) => Number(samples[Math.floor(samples.length * share)].toFixed(2));
console.log(JSON.stringify({ recommend_us_p50: at(0.5), recommend_us_p99: at(0.99) }));
