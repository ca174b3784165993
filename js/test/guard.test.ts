import { describe, expect, it, vi } from "vitest";
import type { Refusal } from "../errors.js";
import { Guard } from "../guard.js";
import type { Module } from "../module.js";
import { replay } from "../queue.js";

function guarded({ trapped = false, whole = async (): Promise<Module> => module } = {}) {
  const told: string[] = [];
  const guard = new Guard({
    report: (refused: Refusal) => told.push(refused.code),
    restore: () => told.push("restore"),
    trapped: () => trapped,
    whole: () => {
      told.push("fetch");
      return whole();
    },
    again: () => told.push("again"),
  });
  return { guard, told };
}

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

/** A module that notes what it is told; `missing` trap in it, and of the first file alone there is no `load`. */
function noting(said: string[], missing: string[] = [], load?: () => number): Module {
  const call = (name: string) => (given?: string) => {
    if (missing.includes(name)) throw new WebAssembly.RuntimeError("null function");
    said.push(given === undefined ? name : `${name} ${given}`);
    return name;
  };
  const calls = Object.fromEntries(["page", "note", "wants", "decide"].map((name) => [name, call(name)]));
  const shift_clock = () => undefined;
  return { ...calls, ...(load && { load, shift_clock, track: call("track") }) } as unknown as Module;
}

describe("Guard, with the first of the module's files", () => {
  it("tells the whole what the first was told, in order and once, as soon as that is not enough", async () => {
    const [first, all]: [string[], string[]] = [[], []];
    const { guard, told } = guarded({ whole: async () => noting(all, [], () => 0) });
    guard.open(noting(first));
    expect(guard.partial).toBe(true);
    guard.call((inside) => inside.page("/"), undefined);
    expect(guard.call((inside) => inside.wants(), "")).toBe("wants");
    guard.call((inside) => inside.note("a"), undefined);
    // An export that is missing; what comes while the rest is fetched is kept, or answered with nothing.
    expect(guard.call((inside) => inside.track(2, "", 0, ""), 7)).toBe(7);
    guard.call((inside) => inside.note("b"), undefined);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("none");
    expect(first).toEqual(["page /", "wants", "note a"]);
    await guard.coming;
    expect(all).toEqual(["page /", "note a", "track 2", "note b"]);
    expect(told).toEqual(["fetch", "again"]);
    expect([guard.partial, guard.coming]).toEqual([false, undefined]);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("wants");
    await guard.whole();
    expect(all).toHaveLength(5);
    expect(told).toEqual(["fetch", "again"]);
  });

  it("tells each call as of the time when it was made", async () => {
    vi.useFakeTimers({ now: 1_000 });
    try {
      const said: unknown[] = [];
      const note = (text: string) => said.push(text);
      const shift_clock = (ms: number) => said.push(ms);
      const whole = { load: () => 0, note, shift_clock } as unknown as Module;
      const { guard } = guarded({ whole: async () => whole });
      guard.open(noting([]));
      guard.call((inside) => inside.note("a"), undefined);
      vi.setSystemTime(4_000);
      guard.call((inside) => inside.note("b"), undefined);
      vi.setSystemTime(9_000);
      await guard.whole();
      expect(said).toEqual([-8_000, "a", -5_000, "b", 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks for the whole once, whoever needs it, and for nothing where it is there", async () => {
    const { guard, told } = guarded();
    await guard.whole();
    guard.open(noting([]));
    await Promise.all([guard.whole(), guard.whole()]);
    expect(told).toEqual(["fetch", "again"]);
    const another = guarded();
    another.guard.open(module);
    await another.guard.whole();
    expect(another.told).toEqual([]);
  });

  it("takes what fails in the whole as well for a trap", async () => {
    const whole = async () => noting([], ["note"], () => 0);
    const { guard, told } = guarded({ whole });
    guard.open(noting([], ["note"]));
    guard.call((inside) => inside.note("a"), undefined);
    guard.call((inside) => inside.note("b"), undefined);
    await guard.coming;
    expect(told).toEqual(["fetch", "restore", "R102"]);
    expect(guard.on).toBe(false);
  });

  it("gives the page back when the rest cannot be had", async () => {
    const { guard, told } = guarded({ whole: () => Promise.reject(new Error("404")) });
    guard.open(noting([], ["decide"]));
    expect(guard.call((inside) => inside.decide("s"), "[]")).toBe("[]");
    await guard.whole();
    expect(told).toEqual(["fetch", "restore", "R101"]);
    await guard.whole();
    expect([guard.on, guard.coming, told.length]).toEqual([false, undefined, 3]);
  });

  it("does not keep calls without end", async () => {
    const all: string[] = [];
    const { guard, told } = guarded({ whole: async () => noting(all, [], () => 0) });
    guard.open(noting([]));
    for (let count = 0; count < 2_000; count++) guard.call((inside) => inside.note(String(count)), undefined);
    for (let count = 0; count < 500; count++) guard.call((inside) => inside.wants(), "");
    expect(told).toEqual([]);
    guard.call((inside) => inside.note("last"), undefined);
    await guard.coming;
    expect(told).toEqual(["fetch", "again"]);
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
