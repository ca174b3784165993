import { beforeEach, describe, expect, it, vi } from "vitest";
import { PRODUCTS, WHOLE } from "../guard.js";
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
  fire: "[]",
  decide: '[{"slot":"s","kind":1,"reason":1}]',
  export: '{"here":true}',
  recommend: "[]",
};
/** In which of the module's files an export is that is not in the first. */
const FILE_OF: Record<string, number> = { load: 2, track: 2, recommend: 2, export: 3, profile: 3, tick: 3 };
/** Calls that trap in the first file. */
const traps = new Set<string>();
/** A module that only notes what it is asked, and which of its files more than the first are there. */
const noted = (files: number) =>
  class {
    constructor() {
      if (files > 1) asked.push(files === WHOLE ? "whole" : "products");
      const there = (name: string | symbol) => name !== "then" && files >= (FILE_OF[String(name)] ?? 1);
      // biome-ignore lint/correctness/noConstructorReturn: whatever the name of the call
      return new Proxy(this, {
        has: (_, name) => there(name),
        get: (_, name: keyof Module) =>
          there(name)
            ? (...given: unknown[]) => {
                if (files === 1 && traps.has(name)) throw new WebAssembly.RuntimeError("null function");
                asked.push(`${name} ${given.map((each) => JSON.stringify(each)).join()}`.trim());
                return answers[name];
              }
            : undefined,
      });
    }
  } as unknown as new () => Module;

const marks = vi.fn();
const lost = () => Promise.reject(new Error("404"));
const files = vi.fn(async (count: number) => noted(count));
const assets = { module: files, jsonLd: lost, marks: lost, docs: "" } as unknown as Assets;
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
  files.mockClear();
  traps.clear();
});

/** Texts with these beginnings were asked one after the other, the first time. */
function expectOrder(order: string[]): void {
  const places = order.map((start) => asked.findIndex((each) => each.startsWith(start)));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((left, right) => left - right));
}

describe("a running page", () => {
  it("is decided with what was said before the module came", async () => {
    const runtime = start();
    runtime.custom({ tier: "gold" });
    runtime.track("search", { search_term: "tin" });
    expect(await runtime.ready).toBe(true);
    await vi.waitUntil(() => asked.includes('decide "s"'));
    expectOrder(["page ", 'note "custom.tier', "track 12", 'decide "s"']);
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

  it("says when there is no strategy of the name that was asked for", async () => {
    const runtime = start();
    await runtime.ready;
    answers.recommend = "";
    expect(await runtime.recommend({ strategy: ["for-me", "best-seller"] })).toEqual([]);
    expect(errors).toEqual(["R110"]);
    answers.recommend = "[]";
    expect(await runtime.recommend({ strategy: "trending" })).toEqual([]);
    expect(errors).toEqual(["R110"]);
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

describe("the module's files", () => {
  const whole = () => asked.filter((each) => each === "whole").length;

  it("are one while nothing is to be remembered; a yes brings the others, which alone hear of it", async () => {
    const runtime = start();
    expect(await runtime.ready).toBe(true);
    await runtime.decide();
    expect(files.mock.calls).toEqual([[1]]);
    expect(asked).toContain("consent 0");
    asked.length = 0;
    runtime.consent({ remember: true });
    expect(asked).toEqual([]);
    await vi.waitUntil(() => asked.includes('decide "s"'));
    expectOrder(["whole", "consent 0", "core ", "withdrawn ", "page ", "consent 2", 'decide "s"']);
    expect(files.mock.calls).toEqual([[1], [WHOLE]]);
  });

  it("are all there at once after a yes, and two on a page that has products", async () => {
    const configured = new Runtime({ ...options, consent: "granted" }, assets);
    expect(await configured.ready).toBe(true);
    expect(asked).toContain("consent 2");
    const queued = start();
    queued.consent({ remember: true });
    expect(await queued.ready).toBe(true);
    document.documentElement.dataset.shelfPage = "cart";
    expect(await start().ready).toBe(true);
    delete document.documentElement.dataset.shelfPage;
    expect(files.mock.calls).toEqual([[WHOLE], [WHOLE], [PRODUCTS]]);
    expect(whole()).toBe(2);
  });

  it("are all there for a yes that came while the first was on its way", async () => {
    let come = (_: new () => Module) => {};
    const first = new Promise<new () => Module>((done) => {
      come = done;
    });
    const runtime = start({ module: async (count) => (count > 1 ? noted(count) : first) });
    await new Promise((later) => setTimeout(later));
    runtime.consent({ remember: true });
    come(noted(1));
    expect(await runtime.ready).toBe(true);
    expect(asked.slice(0, 3)).toEqual(["whole", "consent 2", "core {}"]);
  });

  it("answer what the first alone cannot", async () => {
    const runtime = start();
    await runtime.ready;
    traps.add("decide");
    expect(await runtime.decide(["s"])).toEqual([{ slot: "s", kind: 1, reason: 1 }]);
    expect(await runtime.recommend({ strategy: "trending" })).toEqual([]);
    expect(files.mock.calls).toEqual([[1], [PRODUCTS]]);
    expect(await runtime.export()).toEqual({ here: true });
    expect(files.mock.calls).toEqual([[1], [PRODUCTS], [WHOLE]]);
    expect(errors).toEqual([]);
    // Who is told that the module runs can ask it everything.
    expect(await start().ready).toBe(true);
    expect(files.mock.calls.slice(3)).toEqual([[1], [PRODUCTS]]);
  });

  it("come two by two where a call needs a later one that was not known to", async () => {
    const runtime = start();
    await runtime.ready;
    runtime.profile({ first_name: "Ada" });
    await vi.waitUntil(() => asked.includes('profile "first_name\\tAda\\n"'));
    expect(files.mock.calls).toEqual([[1], [PRODUCTS], [WHOLE]]);
    expectOrder(["products", "whole", "profile"]);
    await vi.waitUntil(() => asked.at(-1)?.startsWith("wants"));
    expect(errors).toEqual([]);
  });

  it("hear of a yes and of the no that took it back on its way, one after the other", async () => {
    // A shop of its own: other pages of this file would hear the no as well.
    const runtime = new Runtime({ ...options, shop: "another" }, assets);
    await runtime.ready;
    runtime.consent({ remember: true });
    runtime.consent({ remember: false });
    await vi.waitUntil(() => whole());
    await runtime.export();
    const modes = asked.filter((each) => each.startsWith("consent"));
    expect(modes).toEqual(["consent 0", "consent 0", "consent 2", "consent 0"]);
  });

  it("are one for a pointer over a product, for attention and for another tab that forgets", async () => {
    document.body.innerHTML += '<a data-shelf-item="1">One</a>';
    const runtime = start();
    await runtime.ready;
    document.querySelector("a")?.dispatchEvent(new Event("pointerover", { bubbles: true }));
    const tab = new BroadcastChannel("shelfwise:shop");
    tab.postMessage("forgotten");
    dispatchEvent(new Event("pagehide"));
    await new Promise((later) => setTimeout(later, 500));
    tab.close();
    expect(asked.some((each) => each.startsWith("leave"))).toBe(true);
    expect(files.mock.calls).toEqual([[1]]);
  });

  it("know of each page what was said of it then", async () => {
    const runtime = start();
    await runtime.ready;
    document.documentElement.dataset.shelfCategory = "Garden";
    runtime.page();
    const pages = () => asked.filter((each) => each.startsWith("page "));
    await vi.waitUntil(() => pages().length === 2);
    document.documentElement.dataset.shelfCategory = "Kitchen";
    asked.length = 0;
    await runtime.export();
    expect(pages().map((each) => /category\\t\w*/.exec(each)?.[0])).toEqual([
      "category\\t",
      "category\\tGarden",
    ]);
    delete document.documentElement.dataset.shelfCategory;
  });

  it("know the epoch that the whole began, on a page that comes back as it was", async () => {
    const runtime = new Runtime({ ...options, shop: "epochal" }, assets);
    await runtime.ready;
    runtime.consent({ remember: true });
    localStorage.setItem("shelfwise:epochal:epoch", "1");
    await runtime.export();
    asked.length = 0;
    const back = () => dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    back();
    expect(asked).not.toContain("consent 0");
    localStorage.setItem("shelfwise:epochal:epoch", "2");
    back();
    expect(asked).toContain("consent 0");
    localStorage.clear();
  });

  it("let a page that comes back before the whole was there be, when the next page began to remember", async () => {
    let come = () => {};
    const held = new Promise<void>((done) => {
      come = done;
    });
    const slow = async (count: number) => {
      if (count > 1) await held;
      return noted(count);
    };
    const runtime = new Runtime({ ...options, shop: "returning" }, { ...assets, module: slow });
    await runtime.ready;
    runtime.consent({ remember: true });
    localStorage.setItem("shelfwise:returning:epoch", "00000001");
    localStorage.setItem("shelfwise:returning:j:1", "what the next page remembers");
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    expect(localStorage.getItem("shelfwise:returning:j:1")).not.toBe(null);
    come();
    await runtime.export();
    expect(asked.filter((each) => each.startsWith("consent"))).toEqual([
      "consent 0",
      "consent 0",
      "consent 2",
    ]);
    localStorage.clear();
  });

  it("are asked for once more before the page is given up", async () => {
    let failures = 1;
    const flaky = (count: number) => (count > 1 && failures-- > 0 ? lost() : files(count));
    const runtime = start({ module: flaky });
    await runtime.ready;
    expect(await runtime.export()).toEqual({ here: true });
    expect(errors).toEqual([]);
  });

  it("leave the page to the shop when another cannot be had", async () => {
    const first = (count: number) => (count > 1 ? lost() : files(count));
    const runtime = start({ module: first });
    expect(await runtime.ready).toBe(true);
    runtime.profile({ first_name: "Ada" });
    expect(await runtime.decide()).toEqual([]);
    expect(await runtime.export()).toBe(null);
    expect(errors).toEqual(["R101"]);
    // Who needs it to begin with has no module.
    traps.add("decide");
    expect(await start({ module: first }).ready).toBe(false);
  });
});
