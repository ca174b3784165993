// `node tests/figures/recommend.mjs FOLDER`: prints one JSON object.
//
// FOLDER is what crates/cli/examples/recommend_figures.rs leaves: a pack of RetailRocket's size (or of a synthetic log's), and
// shoppers, each with five viewed products and the product files that such a shopper has fetched. Each shopper has a module of
// their own, as in a browser: the inspector's, which is the shopper's engine with a window. It ranks the top 20 of `for-you`
// in Node's V8, the call from JavaScript included.
//
// A call takes little longer than reading the clock, so calls are timed in batches: a shopper's time is the median batch's,
// per call, and the percentiles are over the shoppers. The first round over all shoppers is V8's, to compile what is hot.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const VIEW_ITEM = 2;
/// Code of the strategy.
const FOR_YOU = 10;
const TOP = 20;
const CALLS = 40;
const BATCHES = 9;
const { initSync, Module } = await import(pathToFileURL(join("target/glue/inspect/shelfwise_inspect.js")).href);
initSync({ module: new WebAssembly.Module(await readFile("dist/shelfwise_inspect_bg.wasm")) });

const core = await readFile(join(folder, "core.bin"));
const lines = (await readFile(join(folder, "shoppers.tsv"), "utf8")).trimEnd().split("\n");

/** A module with what one shopper has. */
async function shopper(line) {
  const [viewed, items, index] = line.split("\t").map((group) => group.split(" ").filter(Boolean));
  const module = new Module("figures");
  if (module.core(core) !== 0) throw new Error("the module refused the core file");
  for (const [kind, place, numbers] of [["index", "index", index], ["items", "files", items]]) {
    for (const number of numbers) {
      const refusal = module.load(kind, Number(number), await readFile(join(folder, place, number)));
      if (refusal !== 0) throw new Error(`the module refused ${kind} file ${number}: ${refusal}`);
    }
  }
  for (const item of viewed) module.track(VIEW_ITEM, "", 0, `${item}\t\t\t\t0\t1\n`);
  return module;
}

const shoppers = [];
for (const line of lines) shoppers.push(await shopper(line));

/** Microseconds of a call: the median of some batches. */
function timed(module) {
  const batches = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const started = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call++) module.rank(FOR_YOU, TOP);
    batches.push(Number(process.hrtime.bigint() - started) / 1000 / CALLS);
  }
  return batches.sort((left, right) => left - right)[BATCHES >> 1];
}

let shown = 0;
for (const module of shoppers) {
  shown += module.rank(FOR_YOU, TOP);
  timed(module);
}
if (shown < shoppers.length * TOP * 0.8) throw new Error(`rows are not full: ${shown} products for ${shoppers.length} shoppers`);
const samples = shoppers.map(timed).sort((left, right) => left - right);
const at = (share) => Number(samples[Math.floor(samples.length * share)].toFixed(2));
console.log(JSON.stringify({ recommend_us_p50: at(0.5), recommend_us_p99: at(0.99) }));
