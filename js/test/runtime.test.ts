import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Module } from "../module.js";
import { type Assets, Runtime } from "../shelfwise.js";

vi.mock("../pack/pack.js", () => ({
  openPack: async () => ({ version: 1, withdrawn: [], core: new Uint8Array(), latest: "", files: [] }),
}));

/** What was asked of the module, in order. */
const asked: string[] = [];
const answers: Partial<Record<keyof Module, unknown>> = {
  core: 0,
  wants: "",
  decide: '[{"slot":"s","kind":1,"reason":1}]',
  fire: "[]",
  export: '{"here":true}',
  recommend: "[]",
};
/** A module that only notes what it is asked. */
const Noted = class {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: whatever the name of the call
    return new Proxy(this, {
      get:
        (_, name: keyof Module) =>
        (...given: unknown[]) => {
          asked.push(`${name} ${given.map((each) => JSON.stringify(each)).join()}`.trim());
          return answers[name];
        },
    });
  }
} as unknown as new () => Module;

const marks = vi.fn();
const lost = () => Promise.reject(new Error("404"));
const assets = { module: async () => Noted, jsonLd: lost, marks: lost, docs: "" } as unknown as Assets;
const options = { shop: "shop", pack: "/pack", key: `${"A".repeat(43)}=` };
const errors: string[] = [];

function start(given: Partial<Assets> = {}): Runtime {
  const runtime = new Runtime(options, { ...assets, ...given });
  runtime.on("error", ({ code }) => errors.push(code));
  return runtime;
}

beforeEach(() => {
  vi.spyOn(console, "warn").mockReturnValue();
  document.body.innerHTML = '<div data-shelf-slot="s"></div>';
  asked.length = errors.length = 0;
  marks.mockClear();
});

describe("a running page", () => {
  it("is decided with what was said before the module came", async () => {
    const runtime = start();
    runtime.custom({ tier: "gold" });
    runtime.track("search", { search_term: "tin" });
    expect(await runtime.ready).toBe(true);
    const order = ["page ", 'note "custom.tier', "track 12", 'decide "s"'];
    const places = order.map((start) => asked.findIndex((each) => each.startsWith(start)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((left, right) => left - right));
  });

  it("throws at nothing that it is told, takes none of it for a trap and no riddle for a yes", async () => {
    const runtime = start();
    await runtime.ready;
    const riddles: unknown[] = [undefined, null, 7, "text", { toString: null }, { a: Object.create(null) }];
    for (const riddle of riddles)
      for (const method of ["track", "consent", "profile", "custom", "answer"] as const)
        expect(() => runtime[method](riddle as never)).not.toThrow();
    await runtime.decide("s" as never);
    await runtime.recommend({ strategy: ["trending", "cart"], limit: "3", item: 7 } as never);
    runtime.track("constructor", { items: [{ item_id: "1" }] });
    expect(await runtime.export()).toEqual({ here: true });
    expect(new Set(errors)).toEqual(new Set(["R104"]));
    const modes = asked.filter((each) => each.startsWith("consent"));
    expect(new Set(modes)).toEqual(new Set(["consent 0"]));
    expect(asked.filter((each) => each.startsWith("track"))).toEqual([]);
    expect(asked).toContain('decide "s"');
    expect(asked).toContain('recommend "trending\\ncart",3,"7"');
  });

  it("listens to marks once and sees the last one, however fast its pages follow each other", async () => {
    const runtime = start({ marks: async () => ({ Marks: marks }) as never });
    await runtime.ready;
    document.body.innerHTML = '<button data-shelf-signal="size"></button>';
    runtime.page();
    runtime.page();
    const shown = () => asked.filter((each) => each.startsWith("page ")).length;
    await vi.waitUntil(() => shown() > 1);
    await new Promise((later) => setTimeout(later, 50));
    expect([marks.mock.calls.length, shown()]).toEqual([1, 2]);
  });

  it("tells of a part that cannot be loaded, and goes on without it", async () => {
    document.body.innerHTML += '<button data-shelf-signal="size"></button>';
    expect(await start().ready).toBe(true);
    expect(errors).toEqual(["R101"]);
  });
});
