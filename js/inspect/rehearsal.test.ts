import { describe, expect, it } from "vitest";
import type { InspectModule, ModuleClass } from "../module.js";
import type { Scene } from "../scene.js";
import { PERSONAS, type Persona } from "./persona.js";
import { REASONS, reasonText } from "./reasons.js";
import { Rehearsal, readStories, readTraits } from "./rehearsal.js";

const CARDS = ["a", "b", "c", "d", "e", "f", "g", "h"].map((id) => ({
  id,
  title: id,
  url: `/p/${id}/`,
  image: "",
  category: id < "e" ? "Garden" : "Kitchen",
  price_minor: 250,
}));

/** A module that notes what it was told, and wants one file before it recommends. */
class Told {
  static calls: string[][] = [];
  #loaded = false;
  core() {
    return 0;
  }
  withdrawn() {}
  shift_clock(ms: number) {
    Told.calls.push(["shift_clock", String(ms)]);
  }
  load() {
    this.#loaded = true;
    return 0;
  }
  wants() {
    return this.#loaded ? "" : "items\t0\titems-0-x.bin\t10\n";
  }
  recommend() {
    return this.#loaded ? JSON.stringify(CARDS) : "[]";
  }
  replay(memory: string) {
    Told.calls.push(["replay", memory]);
  }
  page(facts: string) {
    Told.calls.push(["page", facts]);
  }
  decide() {
    return JSON.stringify([{ slot: "home.hero", kind: 1, reason: 1, campaign: "x", variation: "y" }]);
  }
  explain() {
    return { campaigns: [{ id: "x", slot: "home.hero", reason: 1, exposures: 0, audience: [] }] };
  }
  traits() {
    return { "visitor.visits": 2 };
  }
  memory() {
    return {};
  }
  stored(shop: string) {
    Told.calls.push(["stored", shop]);
    return { bytes: 10, bytes_max: 100, keys: [{ name: "epoch", bytes: 10 }] };
  }
}

function rehearsal(mode = 2): Rehearsal {
  Told.calls = [];
  const scene = {
    shop: "shop",
    mode,
    core: new Uint8Array(),
    files: [],
    withdrawn: [],
    facts: "type\thome\n",
    memory: () => '{"events":[]}',
    slots: () => new Map([[{}, "home.hero"]]),
    file: async () => new Uint8Array(),
  } as unknown as Scene;
  return new Rehearsal(scene, Told as unknown as ModuleClass<InspectModule>);
}

const persona = (id: string): Persona => PERSONAS.find((each) => each.id === id) as Persona;
const called = (name: string) => Told.calls.filter(([call]) => call === name).map(([, value]) => value ?? "");

describe("rehearsal", () => {
  it("plays the real shopper from what the page remembers", async () => {
    const told = await rehearsal().play({ persona: persona("you"), shift_ms: 0, taste: "" });
    expect(called("replay")).toEqual(['{"events":[]}']);
    expect(told.stories[0]?.reason.shows).toBe(true);
    expect(told.traits).toEqual([["visitor.visits", "2"]]);
  });

  it("looks into the store only with consent to remember", async () => {
    const role = { persona: persona("you"), shift_ms: 0, taste: "" };
    expect((await rehearsal(1).play(role)).stored?.bytes).toBe(10);
    expect((await rehearsal(0).play(role)).stored).toBeUndefined();
    expect(called("stored")).toEqual([]);
  });

  it("puts another place after the real facts, so that it goes before them", async () => {
    await rehearsal().play({ persona: persona("cold"), shift_ms: 86_400_000, taste: "" });
    expect(called("page")[0]).toMatch(/^type\thome\n[\s\S]*timezone\tEurope\/Helsinki\n/);
    expect(called("shift_clock")).toContain("86400000");
  });

  it("gives an invented shopper a past of their taste, oldest first and never ahead", async () => {
    await rehearsal().play({ persona: persona("loyal"), shift_ms: 0, taste: "Kitchen" });
    const { events } = JSON.parse(called("replay")[0] ?? "") as {
      events: { at: number; event: string; category?: string }[];
    };
    expect(new Set(events.flatMap(({ category }) => category || []))).toEqual(new Set(["Kitchen"]));
    expect(events.filter(({ event }) => event === "purchase").length).toBeGreaterThan(1);
    expect(events.every(({ at }) => at <= Date.now() / 1000)).toBe(true);
  });

  it("offers the categories of the best sellers as tastes", async () => {
    expect(await rehearsal().tastes()).toEqual(["Garden", "Kitchen"]);
  });
});

describe("reading", () => {
  it("knows reasons by code and by name, and says so of others", () => {
    expect(reasonText("Audience")).toBe(REASONS[14]);
    expect(reasonText(250).text).toContain("does not know");
  });

  it("keeps a condition that could not be computed apart from one that does not hold", () => {
    const audience = [
      { text: "a", truth: false },
      { text: "b", truth: "Overflow" },
    ];
    const [story] = readStories({ campaigns: [{ id: "x", reason: 14, audience }] });
    expect(story?.audience.map(({ holds }) => holds)).toEqual([false, undefined]);
    expect(readStories(undefined)).toEqual([]);
  });

  it("leaves out traits without a value", () => {
    expect(
      readTraits([
        { path: "a", value: 0 },
        { path: "b", value: null },
      ]),
    ).toEqual([["a", "0"]]);
  });
});
