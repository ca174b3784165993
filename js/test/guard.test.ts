import { describe, expect, it, vi } from "vitest";
import type { Refusal } from "../errors.js";
import { Guard, PRODUCTS, WHOLE } from "../guard.js";
import type { Module } from "../module.js";
import { replay } from "../queue.js";

function guarded({ trapped = false, more = async (_files: number): Promise<Module> => module } = {}) {
  const told: string[] = [];
  const guard = new Guard({
    report: (refused: Refusal) => told.push(refused.code),
    restore: () => told.push("restore"),
    trapped: () => trapped,
    module: (files) => {
      told.push(`fetch ${files}`);
      return more(files);
    },
    again: () => told.push("again"),
  });
  return { guard, told };
}

/** The whole, which traps at `tick`. */
const module = {
  load: () => 0,
  shift_clock: () => undefined,
  wants: () => "w",
  tick: () => {
    throw new WebAssembly.RuntimeError("unreachable");
  },
} as unknown as Module;

describe("Guard", () => {
  it("answers with the fallback before the module is there", () => {
    const { guard } = guarded();
    expect(guard.call((inside) => inside.wants(), "none")).toBe("none");
    guard.open(module);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("w");
  });

  it("gives the page back at a trap, says it once and lets nothing through any more", () => {
    const { guard, told } = guarded();
    guard.open(module);
    for (let times = 0; times < 3; times++) guard.call((inside) => inside.tick(), undefined);
    expect(told).toEqual(["restore", "R102"]);
    guard.open(module);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("none");
  });

  it("says that it stays off after the second trap of a version", () => {
    const { guard, told } = guarded({ trapped: true });
    guard.open(module);
    guard.call((inside) => inside.tick(), undefined);
    expect(told).toEqual(["restore", "R103"]);
  });

  it("never enters the module while it is inside", () => {
    const { guard } = guarded();
    guard.open(module);
    expect(guard.call(() => guard.call((inside) => inside.wants(), "busy"), "")).toBe("busy");
  });

  it("keeps the page side's own faults from the page and goes on", () => {
    const { guard, told } = guarded();
    guard.run(() => {
      throw new Error("x");
    });
    expect(told).toEqual(["R104"]);
    const work = vi.fn();
    guard.run(work);
    expect(work).toHaveBeenCalledOnce();
  });
});

/** A module of so many files that notes what it is told; `missing` trap in it. */
function noting(files: number, said: string[], missing: string[] = []): Module {
  const call = (name: string) => (given?: string) => {
    if (missing.includes(name)) throw new WebAssembly.RuntimeError("null function");
    said.push(given === undefined ? name : `${name} ${given}`);
    return name;
  };
  const calls = Object.fromEntries(["page", "note", "wants", "decide"].map((name) => [name, call(name)]));
  const shift_clock = () => undefined;
  const products = files >= PRODUCTS && { load: () => 0, shift_clock, track: call("track") };
  return { ...calls, ...products, ...(files >= WHOLE && { tick: call("tick") }) } as unknown as Module;
}

describe("Guard, with the first of the module's files", () => {
  it("tells more of the module what the first was told, in order and once, as soon as that is not enough", async () => {
    const [first, all]: [string[], string[]] = [[], []];
    const { guard, told } = guarded({ more: async (files) => noting(files, all) });
    guard.open(noting(1, first));
    expect([guard.has(1), guard.has(PRODUCTS)]).toEqual([true, false]);
    guard.call((inside) => inside.page("/"), undefined);
    expect(guard.call((inside) => inside.wants(), "")).toBe("wants");
    guard.call((inside) => inside.note("a"), undefined);
    // An export that is missing; what comes while its file is fetched is kept, or answered with nothing.
    expect(guard.call((inside) => inside.track(2, "", 0, ""), 7)).toBe(7);
    guard.call((inside) => inside.note("b"), undefined);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("none");
    expect(first).toEqual(["page /", "wants", "note a"]);
    await guard.coming;
    expect(all).toEqual(["page /", "note a", "track 2", "note b"]);
    expect(told).toEqual(["fetch 2", "again"]);
    expect([guard.has(PRODUCTS), guard.has(WHOLE), guard.coming]).toEqual([true, false, undefined]);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("wants");
    await guard.need(PRODUCTS);
    expect(all).toHaveLength(5);
    // What the first was told and what both were told later is told to the whole as well.
    guard.call((inside) => inside.note("c"), undefined);
    all.length = 0;
    await guard.need(WHOLE);
    expect(all).toEqual(["page /", "note a", "track 2", "note b", "note c"]);
    expect(told).toEqual(["fetch 2", "again", "fetch 3", "again"]);
  });

  it("goes on to the whole where what came is not enough, and says once that it is there", async () => {
    const [some, all]: [string[], string[]] = [[], []];
    const { guard, told } = guarded({ more: async (files) => noting(files, files < WHOLE ? some : all) });
    guard.open(noting(1, []));
    guard.call((inside) => inside.note("a"), undefined);
    guard.call((inside) => inside.tick(), undefined);
    guard.call((inside) => inside.note("b"), undefined);
    await vi.waitUntil(() => guard.has(WHOLE));
    expect(some).toEqual(["note a"]);
    expect(all).toEqual(["note a", "tick", "note b"]);
    expect(told).toEqual(["fetch 2", "fetch 3", "again"]);
  });

  it("lets nobody ask while more is on its way", async () => {
    const { guard } = guarded({ more: async (files) => noting(files, []) });
    guard.open(noting(1, []));
    guard.call((inside) => inside.tick(), undefined);
    await guard.need(PRODUCTS);
    expect(guard.has(WHOLE)).toBe(true);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("wants");
  });

  it("needs the whole while products are on their way", async () => {
    const { guard, told } = guarded({ more: async (files) => noting(files, []) });
    guard.open(noting(1, []));
    await Promise.all([guard.need(PRODUCTS), guard.need(WHOLE)]);
    expect(guard.has(WHOLE)).toBe(true);
    expect(told).toEqual(["fetch 2", "again", "fetch 3", "again"]);
  });

  it("tells each call as of the time when it was made", async () => {
    vi.useFakeTimers({ now: 1_000 });
    try {
      const said: unknown[] = [];
      const note = (text: string) => said.push(text);
      const shift_clock = (ms: number) => said.push(ms);
      const whole = { load: () => 0, tick: () => 0, note, shift_clock } as unknown as Module;
      const { guard } = guarded({ more: async () => whole });
      guard.open(noting(1, []));
      guard.call((inside) => inside.note("a"), undefined);
      vi.setSystemTime(4_000);
      guard.call((inside) => inside.note("b"), undefined);
      vi.setSystemTime(9_000);
      await guard.need(WHOLE);
      expect(said).toEqual([-8_000, "a", -5_000, "b", 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks for the whole once, whoever needs it, and for nothing where it is there", async () => {
    const { guard, told } = guarded();
    await guard.need(WHOLE);
    guard.open(noting(1, []));
    await Promise.all([guard.need(WHOLE), guard.need(WHOLE)]);
    expect(told).toEqual(["fetch 3", "again"]);
    const another = guarded();
    another.guard.open(module);
    await another.guard.need(WHOLE);
    expect(another.told).toEqual([]);
  });

  it("takes what fails in the whole as well for a trap", async () => {
    const { guard, told } = guarded({ more: async (files) => noting(files, [], ["note"]) });
    guard.open(noting(1, [], ["note"]));
    guard.call((inside) => inside.note("a"), undefined);
    guard.call((inside) => inside.note("b"), undefined);
    await vi.waitUntil(() => !guard.on);
    expect(told).toEqual(["fetch 2", "fetch 3", "restore", "R102"]);
    expect(guard.has(1)).toBe(false);
  });

  it("gives the page back when the rest cannot be had", async () => {
    const { guard, told } = guarded({ more: () => Promise.reject(new Error("404")) });
    guard.open(noting(1, [], ["decide"]));
    expect(guard.call((inside) => inside.decide("s"), "[]")).toBe("[]");
    await guard.need(WHOLE);
    expect(told).toEqual(["fetch 2", "restore", "R101"]);
    await guard.need(WHOLE);
    expect([guard.on, guard.coming, told.length]).toEqual([false, undefined, 3]);
  });

  it("does not keep calls without end", async () => {
    const all: string[] = [];
    const { guard, told } = guarded({ more: async (files) => noting(files, all) });
    guard.open(noting(1, []));
    for (let count = 0; count < 2_000; count++) guard.call((inside) => inside.note(String(count)), undefined);
    for (let count = 0; count < 500; count++) guard.call((inside) => inside.wants(), "");
    expect(told).toEqual([]);
    guard.call((inside) => inside.note("last"), undefined);
    await guard.coming;
    expect(told).toEqual(["fetch 3", "again"]);
    expect([all.length, all.at(-1)]).toEqual([2_001, "note last"]);
  });
});

it("the queue makes calls that exist and passes over anything else", () => {
  const api = { track: vi.fn(), consent: vi.fn() };
  replay(api as never, [
    ["track", "search", { search_term: "x" }],
    ["constructor"],
    "track",
    null,
    ["consent", { remember: true }],
  ]);
  expect(api.track).toHaveBeenCalledWith("search", { search_term: "x" });
  expect(api.consent).toHaveBeenCalledWith({ remember: true });
});
