import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventParameters } from "../api.js";
import { complete, tagOptions } from "../options.js";
import { isBot } from "../page/bots.js";
import { itemLines } from "../page/events.js";
import * as facts from "../page/facts.js";
import { Marks, watchMarks } from "../page/marks.js";
import { named } from "../page/named.js";
import { readSources } from "../page/sources.js";

describe("codes of facts", () => {
  it("are those of the table of traits", () => {
    const table = readFileSync("crates/engine/src/traits/table.rs", "utf8");
    const rows = table.matchAll(/ = (\d+) "([\w.]+)" \w+, "[^"]*", "[^"]*", \w+, (?:Page|Device)Fact,/g);
    const known = Object.fromEntries(Array.from(rows, ([, code, path]) => [Number(code), path]));
    const codes = Object.values(facts).filter((value) => typeof value === "number");
    expect(codes.sort((a, b) => a - b).map((code) => known[code])).toEqual([
      "page.brand",
      "page.tags",
      "page.idle",
      "page.exit_intent",
      "device.height",
      "device.screen_width",
      "device.screen_height",
      "device.connection",
      "device.save_data",
    ]);
    expect(Object.keys(known)).toHaveLength(codes.length);
  });
});

describe("isBot", () => {
  const agents = (agent: string, webdriver: boolean) =>
    vi.stubGlobal("navigator", { userAgent: agent, webdriver });
  afterEach(() => vi.unstubAllGlobals());
  it.each([
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true],
    ["Mozilla/5.0 (compatible; bingbot/2.0)", true],
    ["facebookexternalhit/1.1", true],
    ["Mozilla/5.0 (compatible; Baiduspider/2.0)", true],
    ["Mozilla/5.0 (Linux; Android 13; CUBOT P60) Chrome/120.0 Mobile Safari/537.36", false],
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", false],
    [
      "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 Chrome-Lighthouse",
      false,
    ],
  ])("%s: %s", (agent, bot) => {
    agents(agent, false);
    expect([isBot(false), isBot(true)]).toEqual([bot, bot]);
  });

  it("is a browser that a program drives, where that is not wanted", () => {
    agents("Mozilla/5.0 Chrome/140.0", true);
    expect([isBot(false), isBot(true)]).toEqual([true, false]);
  });
});

describe("options", () => {
  const least = { shop: "shop", pack: "/pack", key: `${"A".repeat(43)}=` };

  it("have defaults, also for what is given as undefined", () => {
    const { automation, links, freshWithin, adapters } = complete({ ...least, links: undefined } as never);
    expect({ automation, links, freshWithin }).toEqual({ automation: true, links: [], freshWithin: 300 });
    expect(adapters).toEqual(["attributes", "datalayer", "json-ld"]);
  });

  it("are read off the script tag", () => {
    const script = document.createElement("script");
    Object.assign(script.dataset, {
      ...least,
      automation: "false",
      announce: "true",
      links: "a.example, b.example",
      freshWithin: "50",
      signals: "size=.size",
      sources: "tier=cookie:tier",
    });
    expect(tagOptions(script)).toEqual({
      ...least,
      automation: false,
      announce: true,
      links: ["a.example", "b.example"],
      freshWithin: 50,
      signals: "size=.size",
      sources: "tier=cookie:tier",
    });
  });
});

describe("named", () => {
  it("reads pairs, and takes objects as they are", () => {
    expect(named(" tier=cookie:tier;  size = text:.size b=c ;;broken")).toEqual({
      tier: "cookie:tier",
      size: "text:.size b=c",
    });
    expect(named({ a: "b" })).toEqual({ a: "b" });
  });
});

describe("values of the shop's own", () => {
  it("become lines, empty ones too, lists with commas", () => {
    expect(facts.lines({ "a\tb": "x\ny", none: "", list: ["p", "q"], yes: true }, "custom.")).toBe(
      "custom.a b\tx y\ncustom.none\t\ncustom.list\tp,q\ncustom.yes\ttrue\n",
    );
  });
});

describe("itemLines", () => {
  it("says what a product cost before, and its tags", () => {
    const items = [
      { item_id: "1", price: "2.50", compare_at: "3.00", item_tags: "red,tin" },
      { item_id: "2", price: 2, discount: 0.5 },
    ];
    expect(itemLines(items, 2)).toBe("1\t\t\t\t250\t1\t300\tred,tin\n2\t\t\t\t200\t1\t250");
  });
});

describe("readSources", () => {
  afterEach(() => {
    document.body.innerHTML = "";
    Reflect.deleteProperty(window, "dataLayer");
    Reflect.deleteProperty(window, "shop");
  });

  it("reads data layer, cookie, variable, address and element, and nothing that somebody types", () => {
    // biome-ignore lint/suspicious/noDocumentCookie: what is read
    document.cookie = "tier=gold%20plus";
    Object.assign(window, {
      dataLayer: [{ user: { points: 3 } }, { user: { points: 12 } }, { event: "x" }],
      shop: { customer: { tastes: ["oak", 7, "brass"], greet: () => "hello" } },
    });
    document.body.innerHTML = `<p class="size"> 38
      wide </p><form><p id="typed">secret</p></form><textarea>secret</textarea>
      <div id="around">to <p contenteditable>secret</p></div>`;
    expect(
      readSources(
        "points=layer:user.points; tier=cookie:tier; tastes=js:shop.customer.tastes; greet=js:shop.customer.greet; " +
          "size=text:.size; typed=text:#typed; area=text:textarea; around=text:#around; inherited=js:shop.constructor.name; wrong=text:[[; " +
          "kind=toString:x; none=cookie:none",
      ),
    ).toEqual({ points: 12, tier: "gold plus", tastes: ["oak", "brass"], size: "38 wide" });
  });

  it("gives long texts their beginning, and a getter that throws no value", () => {
    Object.defineProperty(window, "shop", {
      configurable: true,
      get() {
        throw new Error("the page's own");
      },
    });
    document.body.innerHTML = `<p>${"x".repeat(300)}</p>`;
    expect(readSources({ long: "text:p", thrown: "js:shop" })).toEqual({ long: "x".repeat(120) });
  });
});

describe("watchMarks", () => {
  const signals: EventParameters[] = [];
  const answers: Record<string, string>[] = [];
  const marked = {
    signal: (parameters: EventParameters) => signals.push(parameters),
    answer: (values: Record<string, string>) => answers.push(values),
  };
  // One for all tests: it listens to the document for good, as on a page.
  let look: () => void;
  beforeEach(() => {
    vi.useFakeTimers();
    signals.length = 0;
    answers.length = 0;
    document.body.innerHTML = `
      <div data-shelf-item="P1" data-shelf-price="2.50">
        <button data-shelf-signal="size-chart"><b>Sizes</b></button>
        <dl class="facts"><select class="colour"><option>red</option></select></dl>
      </div>
      <button data-shelf-answer="size" data-shelf-value="M">M</button>`;
    look ??= watchMarks(
      [
        ["facts@seen", ".facts"],
        ["colour", ".colour"],
      ],
      marked,
    );
    look();
  });
  afterEach(() => {
    document.documentElement.removeAttribute("data-shelf-page");
    vi.useRealTimers();
  });
  const fire = (selector: string, type: string) =>
    document.querySelector(selector)?.dispatchEvent(new Event(type, { bubbles: true }));

  it("counts a click with all that comes with it once, and names the product", () => {
    for (const type of ["focusin", "click"]) fire("b", type);
    expect(signals).toEqual([{ method: "size-chart", items: [{ item_id: "P1", price: "2.50" }] }]);
    vi.advanceTimersByTime(1100);
    fire("b", "click");
    expect(signals).toHaveLength(2);
  });

  it("counts a pointer that rests, not one that passes", () => {
    fire("b", "pointerover");
    vi.advanceTimersByTime(300);
    fire("body", "pointerover");
    vi.advanceTimersByTime(900);
    expect(signals).toEqual([]);
    fire("b", "pointerover");
    vi.advanceTimersByTime(500);
    expect(signals).toHaveLength(1);
  });

  it("counts choices by the option's selectors, in a part to be seen too, and never what was chosen", () => {
    fire("select", "change");
    expect(signals).toEqual([{ method: "colour", items: [{ item_id: "P1", price: "2.50" }] }]);
    expect(JSON.stringify(signals)).not.toContain("red");
  });

  it("stops at twenty of a name", () => {
    for (let times = 0; times < 30; times++) {
      fire("b", "click");
      vi.advanceTimersByTime(2000);
    }
    expect(signals).toHaveLength(20);
  });

  it("tells answers, and nothing at all on a checkout", () => {
    fire("[data-shelf-answer]", "click");
    expect(answers).toEqual([{ size: "M" }]);
    document.documentElement.dataset.shelfPage = "checkout";
    fire("[data-shelf-answer]", "click");
    fire("b", "click");
    expect([answers.length, signals.length]).toEqual([1, 0]);
  });
});

describe("Marks", () => {
  it("reads sources while that is allowed, and takes them back with a no", () => {
    let yes = false;
    const custom = vi.fn();
    const page = {
      options: { signals: "", sources: "here=query:q; none=query:none" },
      guard: { run: (work: () => void) => work() },
      allowed: () => yes,
      event: vi.fn(),
    };
    const marks = new Marks(page, { custom, answer: vi.fn() });
    marks.page();
    yes = true;
    marks.readSources();
    yes = false;
    marks.readSources();
    document.documentElement.dataset.shelfPage = "checkout";
    yes = true;
    marks.page();
    document.documentElement.removeAttribute("data-shelf-page");
    expect(custom.mock.calls).toEqual([[{}], [{ here: "2" }], [{ here: "" }]]);
  });

  it("tells of a selector that cannot be read, and counts by the others", () => {
    vi.useFakeTimers();
    const heard: (string | undefined)[] = [];
    let refused = 0;
    const run = (work: () => void) => {
      try {
        work();
      } catch {
        refused++;
      }
    };
    const page = {
      options: { signals: "wrong=a[; none=; lost@seen=:::; guide=.guide", sources: "" },
      guard: { run },
      allowed: () => true,
      event: (_source: string, name: string, { method }: EventParameters) => heard.push(`${name} ${method}`),
    };
    document.body.innerHTML = '<button class="guide">Which size?</button>';
    const marks = new Marks(page, { custom: vi.fn(), answer: vi.fn() });
    expect(refused).toBe(3);
    marks.page();
    document.querySelector(".guide")?.dispatchEvent(new Event("click", { bubbles: true }));
    expect([heard, refused]).toEqual([["signal guide"], 3]);
    vi.useRealTimers();
  });
});
