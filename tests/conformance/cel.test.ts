// @vitest-environment node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CASES, inspector, kept } from "./inspector.js";

const SOURCES = [
  "crates/pack/src",
  "crates/engine/src",
  "crates/author/src/cel",
  "crates/author/tests/cel_conformance",
];
const NATIVE = "cargo test -p shelfwise-author --test cel_conformance";
/** Fewest cases of the suite that must pass. */
const PASSED_MIN = 700;

/** What `crates/author/tests/cel_conformance` leaves of the public CEL suite. */
interface Kept {
  /** Cases of the suite. */
  cases: number;
  /** Passed natively by being refused when built. */
  refused: number;
  /** Text of `cel-exclusions.tsv`. */
  exclusions: string;
  /** The others that passed natively; `core` is a span of bytes in `cel.bin`. */
  evaluations: { path: string; core: [from: number, until: number]; variables: unknown[]; answer: string }[];
}

it("evaluates every case of the CEL suite in wasm as natively", async () => {
  const { evaluate } = await inspector();
  const suite = JSON.parse(kept("cel.json", SOURCES, NATIVE).toString()) as Kept;
  const cores = kept("cel.bin", SOURCES, NATIVE);
  expect(suite.exclusions).toBe(readFileSync(join(CASES, "cel-exclusions.tsv"), "utf8"));
  const excluded = suite.exclusions.split("\n").filter((line) => line && !line.startsWith("#")).length;

  const wrong: string[] = [];
  for (const { path, core, variables, answer } of suite.evaluations) {
    const found = evaluate(cores.subarray(...core), variables);
    if (found !== answer) wrong.push(`${path}: ${answer} natively, ${found} in wasm`);
  }
  expect(wrong).toEqual([]);
  const passed = suite.evaluations.length + suite.refused;
  console.log(
    `CEL conformance in wasm: ${passed} passed (${suite.refused} refused when built), ${excluded} excluded`,
  );
  expect(passed).toBeGreaterThanOrEqual(PASSED_MIN);
  expect(passed + excluded).toBe(suite.cases);
});
