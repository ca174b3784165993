import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { IDLE } from "../page/facts.js";
import { watchTriggers } from "../page/triggers.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("tells how far a page was scrolled once, and anew on the next page of an application", () => {
  const told: [string, number | string, number | string][] = [];
  const anew = watchTriggers(
    (trigger, value) => told.push(["fire", trigger, value]),
    (fact, value) => told.push(["note", fact, value]),
  );
  const sizes = { scrollHeight: { value: 1000 }, clientHeight: { value: 500 } };
  Object.defineProperties(document.documentElement, sizes);
  const scroll = (to: number) => {
    vi.stubGlobal("scrollY", to);
    dispatchEvent(new Event("scroll"));
    vi.advanceTimersByTime(200);
    return told.splice(0);
  };
  const reached = (percent: number) => [
    ["note", "scroll_percent", percent],
    ["fire", 4, percent],
  ];
  expect(scroll(250)).toEqual(reached(75));
  expect(scroll(0)).toEqual([]);
  expect(scroll(500)).toEqual(reached(100));
  expect(scroll(500)).toEqual([]);
  anew();
  expect(scroll(100)).toEqual(reached(60));

  vi.advanceTimersByTime(5000);
  expect(told.splice(0)).toEqual([
    ["note", IDLE, 5],
    ["fire", 3, 5],
  ]);
  anew();
  expect(told).toEqual([["note", IDLE, 0]]);
});
