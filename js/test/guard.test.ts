import { describe, expect, it, vi } from "vitest";
import type { Refusal } from "../errors.js";
import { Guard } from "../guard.js";
import type { Module } from "../module.js";
import { replay } from "../queue.js";

function guarded(trapped = false) {
  const told: string[] = [];
  const guard = new Guard({
    report: (refused: Refusal) => told.push(refused.code),
    restore: () => told.push("restore"),
    trapped: () => trapped,
  });
  return { guard, told };
}

const module = {
  wants: () => "w",
  tick: () => {
    throw new WebAssembly.RuntimeError("unreachable");
  },
};

describe("Guard", () => {
  it("answers with the fallback before the module is there", () => {
    const { guard } = guarded();
    expect(guard.call((inside) => inside.wants(), "none")).toBe("none");
    guard.open(module as unknown as Module);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("w");
  });

  it("gives the page back at a trap, says it once and lets nothing through any more", () => {
    const { guard, told } = guarded();
    guard.open(module as unknown as Module);
    for (let times = 0; times < 3; times++) guard.call((inside) => inside.tick(), undefined);
    expect(told).toEqual(["restore", "R102"]);
    guard.open(module as unknown as Module);
    expect(guard.call((inside) => inside.wants(), "none")).toBe("none");
  });

  it("says that it stays off after the second trap of a version", () => {
    const { guard, told } = guarded(true);
    guard.open(module as unknown as Module);
    guard.call((inside) => inside.tick(), undefined);
    expect(told).toEqual(["restore", "R103"]);
  });

  it("never enters the module while it is inside", () => {
    const { guard } = guarded();
    guard.open(module as unknown as Module);
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
