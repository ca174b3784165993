// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CASES, type Given, inspector, kept } from "./inspector.js";

const SOURCES = ["crates/pack/src", "crates/engine/src", "crates/engine/tests/described"];
const NATIVE = "cargo test -p shelfwise-engine --test conformance";
/** Names of `pack::kinds::TriggerKind`, in the order of their codes from 1. */
const TRIGGERS = "page exit-intent idle scroll dwell cart-abandoned price-drop back-in-stock".split(" ");

/** What `Given.moment` reads; it would pass over others. */
const READ = "now_s unit events context withdrawn forced shown holdout".split(" ");

interface Case {
  name: string;
  events?: { at_s: number; kind: string }[];
  slots?: string[];
  fire?: [trigger: string, value: number];
  expect: {
    slots?: Record<string, string | null>;
    fired?: (string | null)[];
    reasons?: Record<string, string>;
    traits?: Record<string, unknown>;
    history?: [question: unknown, answer: unknown][];
  };
}

/** What the module says to everything that a case asks, in the form of its `expect`. */
function answers(given: Given, { expect: wanted, fire, slots, name, ...moment }: Case): Case["expect"] {
  expect(READ).toEqual(expect.arrayContaining(Object.keys(moment)));
  const events = moment.events?.map(({ at_s, kind, ...rest }) => ({
    quantity: 1,
    at: at_s,
    event: kind,
    ...rest,
  }));
  given.moment({ ...moment, ...(events && { events }) });
  const fired = fire && given.fire(TRIGGERS.indexOf(fire[0]) + 1, fire[1]);
  const decided = fire ? [] : given.decide(slots);
  /** Of all that was found, what the case asks for. */
  const asked = <T>(found: [string, T][], of: object) =>
    Object.fromEntries(found.filter(([key]) => key in of));
  return {
    ...(wanted.fired && { fired: fired ?? [] }),
    ...(wanted.slots && { slots: asked(decided, wanted.slots) }),
    ...(wanted.reasons && { reasons: asked(given.reasons(), wanted.reasons) }),
    ...(wanted.traits && {
      traits: Object.fromEntries(Object.keys(wanted.traits).map((path) => [path, given.value(path)])),
    }),
    ...(wanted.history && {
      history: wanted.history.map(([question]) => [question, given.history(question)]),
    }),
  };
}

const files = readdirSync(CASES).filter((name) => name.endsWith(".json"));

describe.each(files)("%s in wasm", (file) => {
  const json = JSON.parse(readFileSync(join(CASES, file), "utf8")) as { cases: Case[] };
  let given: Given;
  let fresh: () => Given;

  beforeAll(async () => {
    const { Given } = await inspector();
    // The core file was built from this very file.
    expect(JSON.parse(kept(file, SOURCES, NATIVE).toString())).toEqual(json);
    const core = kept(file.replace(/json$/, "bin"), SOURCES, NATIVE);
    fresh = () => new Given(core);
    // One for all cases of a file: what a pass leaves behind must not matter.
    given = fresh();
  });

  it.each(json.cases)("$name", (one) => {
    for (const some of [given, fresh()]) expect(answers(some, one)).toEqual(one.expect);
  });
});

it("finds the cases", () => expect(files.length).toBeGreaterThanOrEqual(5));
