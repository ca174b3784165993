// `node tests/figures/decide.mjs core-100.bin core-1000.bin core-10000.bin`: prints one JSON object.
//
// The shipped module, in Node's V8, over synthetic cores (crates/pack/examples/synthetic_core.rs): microseconds
// of a whole pass over all campaigns for all 40 slots. `decide_us_*` is the pass alone, `decide_call_us_*` the
// call that the page makes, its JSON answer included. `decide_first_us_1000` is the first call of a fresh
// instance after its core was loaded and the page's facts were set, by the code that V8 has then.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

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

const glue = pathToFileURL(join("target/glue/runtime/shelfwise.js")).href;
const wasm = await readFile("dist/shelfwise_bg.wasm");

/** A shopper's module with that core, ready to decide. A fresh glue module is a fresh wasm instance. */
let instances = 0;
async function shopper(core) {
  const { initSync, Module } = await import(`${glue}?instance=${instances++}`);
  initSync({ module: new WebAssembly.Module(wasm) });
  const module = new Module("demo");
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

const figures = {};
for (const path of process.argv.slice(2)) {
  const campaigns = path.match(/(\d+)\.bin$/)[1];
  const core = await readFile(path);
  if (campaigns === "1000") {
    const firsts = [];
    for (let round = 0; round < FIRST_INSTANCES; round++) {
      const fresh = await shopper(core);
      firsts.push(microseconds(() => fresh.decide(SLOTS)));
    }
    figures.decide_first_us_1000 = Number(median(firsts).toFixed(1));
  }
  const module = await shopper(core);
  const shown = JSON.parse(module.decide(SLOTS)).filter((decision) => decision.campaign).length;
  if (shown === 0) throw new Error(`${path}: no slot shows anything; the pass does not do what it is measured for`);
  figures[`decide_us_${campaigns}`] = warm(() => module.pass(SLOTS));
  figures[`decide_call_us_${campaigns}`] = warm(() => module.decide(SLOTS));
  figures[`decide_slots_shown_${campaigns}`] = shown;
}
console.log(JSON.stringify(figures));
