// `node tests/figures/decide.mjs core-plain-100.bin core-history-100.bin …`: prints one JSON object.
//
// The shipped module, both of its files, in Node's V8, over synthetic cores (crates/pack/examples/synthetic_core.rs): microseconds
// of a whole pass over all campaigns for all 40 slots. `decide_us_*` is the pass alone, `decide_call_us_*` the
// call that the page makes, its JSON answer included. `decide_first_us_1000` is the first call of a fresh
// instance after its core was loaded and the page's facts were set, by the code that V8 has then.
// `decide_us_10000` has a tenth of its vocabulary ask the history of a shopper with 60 product views, evaluated anew in
// each pass; `_comparisons` is the same without, and `_history` the same for fewer campaigns. `explain_us` is the
// inspector's call for the story of all 1,000 campaigns, its JavaScript objects included.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { slim } from "../../js/build/glue.mjs";

const SLOTS = Array.from({ length: 40 }, (_, index) => `slot.${index}`).join("\n");
const PAGE = Object.entries({
  type: "home",
  path: "/",
  language: "en-GB",
  timezone: "Europe/London",
  utc_offset_min: 0,
  viewport_width: 1280,
  touch: 0,
})
  .map(([key, value]) => `${key}\t${value}\n`)
  .join("");
const FIRST_INSTANCES = 25;
const WARM_UP_MS = 300;
const MEASURE_MS = 1500;

const glue = slim(await readFile("target/glue/runtime/shelfwise.js", "utf8"));
const files = await Promise.all(
  ["shelfwise", "shelfwise_products", "shelfwise_rest"].map((name) => readFile(`dist/${name}_bg.wasm`)),
);
const inspectGlue = pathToFileURL(join("target/glue/inspect/shelfwise_inspect.js")).href;
const inspectFile = await readFile("dist/shelfwise_inspect_bg.wasm");

/** The shopper's module, of an instance of its own: fresh glue compiles anew. */
let instances = 0;
async function runtime() {
  const { default: start } = await import(`data:text/javascript,${encodeURIComponent(glue)}//${instances++}`);
  return start(...files.map((file) => async () => file));
}

/** The inspector's. */
async function inspect() {
  const { initSync, Module } = await import(inspectGlue);
  initSync({ module: new WebAssembly.Module(inspectFile) });
  return Module;
}

/** A module with that core, ready to decide. */
async function shopper(load, core) {
  const module = new (await load())("demo");
  const code = module.core(core);
  if (code !== 0) throw new Error(`the module refused the core file: code ${code & 255} at ${code >>> 8}`);
  module.page(PAGE);
  return module;
}

const median = (samples) => samples.toSorted((a, b) => a - b)[samples.length >> 1];

function microseconds(call) {
  const started = process.hrtime.bigint();
  call();
  return Number(process.hrtime.bigint() - started) / 1000;
}

function repeat(call, ms) {
  const samples = [];
  const until = performance.now() + ms;
  while (performance.now() < until) for (let round = 0; round < 20; round++) samples.push(microseconds(call));
  return samples;
}

function warm(call) {
  repeat(call, WARM_UP_MS);
  return Number(median(repeat(call, MEASURE_MS)).toFixed(2));
}

/** Views of products of one category: what questions to the history look through. */
const VIEWS = 60;
const VIEW_ITEM = 2;
function browse(module) {
  for (let view = 0; view < VIEWS; view++) {
    const { length } = String(view);
    module.track(VIEW_ITEM, "", 0, `P${view}\tProduct ${view}\tBrand ${length}\tGarden\t${1000 + view}\t1\n`);
  }
}

async function first(core) {
  const firsts = [];
  for (let round = 0; round < FIRST_INSTANCES; round++) {
    const fresh = await shopper(runtime, core);
    firsts.push(microseconds(() => fresh.decide(SLOTS)));
  }
  return Number(median(firsts).toFixed(1));
}

const figures = {};
for (const path of process.argv.slice(2)) {
  const [, kind, campaigns] = path.match(/(plain|history)-(\d+)\.bin$/);
  const core = await readFile(path);
  if (kind === "plain" && campaigns === "1000") figures.decide_first_us_1000 = await first(core);
  const module = await shopper(runtime, core);
  browse(module);
  const shown = JSON.parse(module.decide(SLOTS)).filter((decision) => decision.campaign).length;
  if (shown === 0) throw new Error(`${path}: no slot shows anything; the pass does not do what it is measured for`);
  // 10,000 campaigns are measured as they come in a shop: with questions to the history. Of the rest too, by name.
  const realistic = campaigns === "10000";
  const suffix = (kind === "history") === realistic ? "" : realistic ? "_comparisons" : "_history";
  figures[`decide_us_${campaigns}${suffix}`] = warm(() => module.pass(SLOTS));
  if (suffix) continue;
  figures[`decide_call_us_${campaigns}`] = warm(() => module.decide(SLOTS));
  figures[`decide_slots_shown_${campaigns}`] = shown;
  if (campaigns === "1000") {
    const teller = await shopper(inspect, core);
    browse(teller);
    figures.explain_us = warm(() => teller.explain(SLOTS));
  }
}
console.log(JSON.stringify(figures));
