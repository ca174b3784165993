import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { watch } from "../browser/frames.js";
import { type Change, type Shop, serve } from "../browser/server.js";
import {
  accept,
  decided,
  keys,
  productsOf,
  type Running,
  ready,
  remembered,
  slots,
} from "../browser/visit.js";
import { firefox } from "./firefox.js";
import type { OtherBrowser, Tab } from "./tab.js";
import { webkit } from "./webkit.js";

declare const shelfwise: Running;

declare global {
  interface Window {
    /** What the page's console was warned of by us, and what nobody caught. */
    heard: { warnings: string[]; thrown: string[] };
  }
}

/** Notes warnings of ours and whatever is thrown; runs in the page, before anything of it. */
function listen(): void {
  const heard: Window["heard"] = { warnings: [], thrown: [] };
  window.heard = heard;
  const warn = console.warn.bind(console);
  console.warn = (...words: unknown[]) => {
    if (String(words[0]).startsWith("Shelfwise ")) heard.warnings.push(String(words[0]));
    warn(...words);
  };
  addEventListener("error", (event) => heard.thrown.push(event.message));
  addEventListener("unhandledrejection", (event) => heard.thrown.push(String(event.reason)));
}

/** The shop with our eyes and ears in each page, before its own first line; `change` lies beyond that. */
const watched =
  (change: Change = (_, body) => body): Change =>
  async (path, body) => {
    if (path === "/watch.js") return `(${listen})();(${watch})();`;
    const answer = await change(path, body);
    const isPage = answer !== null && (path.endsWith("/") || path.endsWith(".html"));
    return isPage ? String(answer).replace("<head>", '<head><script src="/watch.js"></script>') : answer;
  };

const title = (tab: Tab, slot: string) =>
  tab.evaluate(
    (slot) =>
      document
        .querySelector(`[data-shelf-slot="${slot}"] :is(h1,h2)`)
        ?.textContent?.trim()
        .replace(/\s+/g, " ") ?? "",
    slot,
  );
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe.each([
  ["Firefox", firefox],
  ["WebKit", webkit],
] as const)("in %s", { timeout: 120_000 }, (_, start) => {
  let shop: Shop;
  let browser: OtherBrowser;
  let page: Awaited<ReturnType<OtherBrowser["open"]>>;
  beforeAll(async () => {
    shop = await serve();
  });
  afterAll(() => shop.close());
  beforeEach(async () => {
    shop.honest();
    shop.change = watched();
    browser = await start();
    page = await browser.open();
  });
  afterEach(async () => {
    await browser.leave();
  });

  const heard = () => page.evaluate(() => window.heard);

  /** Goes to a page of the shop where the module runs. */
  async function go(path: string): Promise<void> {
    await page.goto(`${shop.url}${path}`);
    expect(await ready(page)).toBe(true);
  }

  /** Looks at three products of a department, wishes for the second and puts the third into the cart. */
  async function visit(category: string): Promise<string[]> {
    await go(category);
    if (!(await keys(page)).length) await accept(page);
    const [looked = "", wished = "", carted = ""] = await productsOf(page);
    await go(`/p/${looked}/`);
    await wait(1500);
    await go(`/p/${wished}/`);
    await page.click('.buy [data-do="wish"]');
    await go(`/p/${carted}/`);
    await page.click('.buy [data-do="cart"]');
    await decided(page, "home.row-1");
    return [looked, wished, carted];
  }

  it("the homepage that one comes back to is one's own in its first frame", async () => {
    await go("/");
    const merchants = await title(page, "home.hero");
    const [looked, wished, carted] = await visit("/c/garden-picnic/");
    const memory = await remembered(page);
    expect(memory.items.find(({ item }) => item === looked)?.views).toBe(1);
    expect(memory.wishlist.map(({ item }) => item)).toEqual([wished]);
    expect(memory.cart.map(({ item }) => item)).toEqual([carted]);

    await page.close();
    page = await browser.open();
    await go("/");
    await wait(700);
    expect(await title(page, "home.hero")).toContain("the garden?");
    expect(await title(page, "home.hero")).not.toBe(merchants);
    expect(await title(page, "home.row-1")).toBe("Picked for you");
    const shown = await page.evaluate(() => window.shown);
    const heroes = shown.frames.filter((frame) => "home.hero" in frame);
    expect(heroes.length).toBeGreaterThan(0);
    for (const frame of heroes) expect(frame["home.hero"]).toContain("the garden?");
    expect(shown.disturbed).toEqual([]);
    expect(await heard()).toEqual({ warnings: [], thrown: [] });
    // What was asked for says nothing of what was done: files alone, no bodies, no queries.
    for (const { method, url, body } of shop.requests.filter(({ url }) => /^\/(pack|shelfwise)\//.test(url)))
      expect([method, body, url.includes("?")]).toEqual(["GET", "", false]);
  });

  it("what one tab remembers the other knows, and a withdrawal erases it in both", async () => {
    const [looked] = await visit("/c/garden-picnic/");
    const first = page;
    page = await browser.open();
    await go("/c/christmas/");
    expect((await remembered(page)).items.map(({ item }) => item)).toContain(looked);
    await page.evaluate(() => shelfwise.consent({ remember: false }));
    await wait(1000);
    expect((await keys(page)).filter((key) => !key.endsWith(":epoch"))).toEqual([]);
    expect((await remembered(first)).items.map(({ item }) => item)).not.toContain(looked);
    expect(await heard()).toEqual({ warnings: [], thrown: [] });
  });

  it("attention counts while the page is looked at", async () => {
    await go("/c/garden-picnic/");
    await accept(page);
    const [product = ""] = await productsOf(page);
    await go(`/p/${product}/`);
    await page.click("h1");
    await wait(2500);
    await go("/");
    const item = (await remembered(page)).items.find(({ item }) => item === product);
    expect(item?.engaged_ms).toBeGreaterThan(1500);
    expect(item?.engaged_ms).toBeLessThan(10_000);
  });

  const flipped =
    (pattern: RegExp): Change =>
    (path, body) =>
      pattern.test(path)
        ? Buffer.from(body.map((byte, at) => (at === body.length - 9 ? byte ^ 1 : byte)))
        : body;
  const gone =
    (pattern: RegExp): Change =>
    (path, body) =>
      pattern.test(path) ? null : body;

  it.each<[string, string, Change]>([
    ["a pack is missing", "R200", gone(/^\/pack\//)],
    ["latest.json is tampered with", "R201", flipped(/latest\.json/)],
    ["the core is tampered with", "R203", flipped(/\/core-/)],
    ["the module is missing", "R101", gone(/_bg\.wasm$/)],
    [
      "the page's policy refuses WebAssembly",
      "R100",
      (path, body) => (path === "/" ? body.toString().replaceAll(" 'wasm-unsafe-eval'", "") : body),
    ],
  ])("the page is the merchant's where %s", async (_, code, change) => {
    shop.change = watched(gone(/^\/shelfwise\//));
    await page.goto(shop.url);
    const merchants = await slots(page);
    expect(Object.keys(merchants)).toContain("home.hero");
    shop.change = watched(change);
    await page.goto(shop.url);
    expect(await ready(page)).toBe(false);
    expect(await slots(page)).toEqual(merchants);
    const { warnings, thrown } = await heard();
    expect(thrown).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^Shelfwise ${code}: `));
  });

  it("without a yes nothing is stored", async () => {
    await go("/c/garden-picnic/");
    const [product] = await productsOf(page);
    await go(`/p/${product}/`);
    await wait(500);
    expect(await keys(page)).toEqual([]);
  });
});
