import { afterEach, expect, it, vi } from "vitest";
import { Guard, WHOLE } from "../guard.js";
import { Listeners } from "../heard.js";
import type { Module } from "../module.js";
import { Stage } from "../stage.js";

const ON_EXIT = 2;
const LEAVING = '[{"campaign":"leaving","variation":"a","kind":3,"reason":1,"event":"leaving"}]';
const heard = vi.fn();
document.addEventListener("leaving", heard);
afterEach(() => heard.mockClear());

/** A stage before the first of the module's files, which cannot tell what a moment sets off; the whole can. */
function staged() {
  const fire = vi.fn(() => LEAVING);
  const whole = {
    load: () => 0,
    tick: () => undefined,
    shift_clock: () => undefined,
    fire,
    exposed: () => undefined,
  } as unknown as Module;
  const ignore = () => undefined;
  const guard = new Guard({
    report: ignore,
    restore: ignore,
    trapped: () => false,
    module: async () => whole,
    again: ignore,
  });
  guard.open({} as Module);
  const stage = new Stage(guard, new Listeners(), [], false, () => Promise.reject(), undefined);
  return { guard, stage, fire };
}

it("a moment that needs the whole module sets off what it does when that is there, once", async () => {
  const { guard, stage, fire } = staged();
  stage.fire(ON_EXIT, 0);
  stage.fire(ON_EXIT, 0);
  expect(heard).not.toHaveBeenCalled();
  await guard.need(WHOLE);
  expect([heard.mock.calls.length, fire.mock.calls.length]).toEqual([1, 2]);
});

it("a moment of a page that is gone by then sets nothing off", async () => {
  const { guard, stage, fire } = staged();
  stage.fire(ON_EXIT, 0);
  stage.clear();
  await guard.need(WHOLE);
  expect([heard.mock.calls.length, fire.mock.calls.length]).toEqual([0, 0]);
});

it("what was seen in a slot is seen once, however often it is decided", async () => {
  vi.useFakeTimers();
  const observers: ((entries: unknown[]) => void)[] = [];
  class Observer {
    constructor(look: (entries: unknown[]) => void) {
      observers.push(look);
    }
    observe(target: Element) {
      const rectangle = { height: 10 };
      const entry = { target, intersectionRatio: 1, intersectionRect: rectangle, rootBounds: rectangle };
      for (const look of observers) look([entry]);
    }
    unobserve() {}
  }
  vi.stubGlobal("IntersectionObserver", Observer);
  const { guard, stage } = staged();
  await guard.need(WHOLE);
  const seen = vi.spyOn(guard, "call");
  const slot = document.createElement("div");
  const control = { slot: "s", kind: 1, reason: 14, campaign: "c", variation: "v" };
  for (const variation of ["v", "v", "w", "v"]) {
    stage.show(slot, { ...control, variation });
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect(seen).toHaveBeenCalledTimes(3);
  stage.clear();
  stage.show(slot, control);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen).toHaveBeenCalledTimes(4);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
