// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CASES, type Given, inspector, kept } from "./inspector.js";

const SOURCES = ["crates/pack/src", "crates/engine/src", "crates/engine/tests/described"];
const NATIVE = "cargo test -p shelfwise-engine --test conformance --test rows";
/** Names of `pack::kinds::TriggerKind`, in the order of their codes from 1. */
const TRIGGERS = "page exit-intent idle scroll dwell cart-abandoned price-drop back-in-stock".split(" ");

/** What `Given.moment` reads; it would pass over others. */
const READ = "now_s unit events context withdrawn forced shown holdout reminder rows".split(" ");

interface Case {
  name: string;
  events?: { at_s: number; kind: string }[];
  slots?: string[];
  fire?: [trigger: string, value: number];
  rows?: string[];
  reminder?: boolean;
  expect: {
    slots?: Record<string, string | null>;
    fired?: (string | null)[];
    reasons?: Record<string, string>;
    traits?: Record<string, unknown>;
    history?: [question: unknown, answer: unknown][];
    rows?: string[][];
    why?: string[][];
  };
}

/** What the rows of a file need. */
interface Pack {
  items?: unknown[];
  shard_items?: number;
  near_items?: number;
  rows?: { name: string }[];
}

/** How many product files the native test left: those of cards, then those of neighbours that lie apart. */
function productFiles({ items = [], shard_items = 1, near_items = 0 }: Pack): number {
  return Math.ceil(items.length / shard_items) + (near_items && Math.ceil(items.length / near_items));
}

/** What the module says to everything that a case asks, in the form of its `expect`. */
function answers(given: Given, pack: Pack, one: Case): Case["expect"] {
  const { expect: wanted, fire, slots, rows, reminder = false, name, ...moment } = one;
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
  const places = rows?.map((row) => pack.rows?.findIndex((known) => known.name === row) ?? -1);
  const filled = places && given.rows(Uint32Array.from(places), reminder);
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
    ...(wanted.rows && { rows: filled?.map(([ids]) => ids) ?? [] }),
    ...(wanted.why && { why: filled?.map(([, why]) => why) ?? [] }),
    ...(wanted.history && {
      history: wanted.history.map(([question]) => [question, given.history(question)]),
    }),
  };
}

const files = readdirSync(CASES).filter((name) => name.endsWith(".json"));

describe.each(files)("%s in wasm", (file) => {
  const json = JSON.parse(readFileSync(join(CASES, file), "utf8")) as { pack: Pack; cases: Case[] };
  let given: Given;
  let fresh: () => Given;

  beforeAll(async () => {
    const { Given } = await inspector();
    // The core file was built from this very file.
    expect(JSON.parse(kept(file, SOURCES, NATIVE).toString())).toEqual(json);
    const core = kept(file.replace(/json$/, "bin"), SOURCES, NATIVE);
    const numbers = Array.from({ length: productFiles(json.pack) }, (_, number) => number);
    const items = numbers.map((number) => kept(`rows.items-${number}.bin`, SOURCES, NATIVE));
    fresh = () => {
      const given = new Given(core);
      for (const number of numbers) given.items(number, items[number] as Buffer);
      return given;
    };
    // One for all cases of a file: what a pass leaves behind must not matter.
    given = fresh();
  });

  it.each(json.cases)("$name", (one) => {
    for (const some of [given, fresh()]) expect(answers(some, json.pack, one)).toEqual(one.expect);
  });
});

it("finds the cases", () => expect(files.length).toBeGreaterThanOrEqual(5));
