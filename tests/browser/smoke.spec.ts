import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keys, launch, ready, type Shopper, shopper } from "./browser.js";
import { type Shop, SITE, serve } from "./server.js";

let browser: Browser;
let shop: Shop;
let someone: Shopper;

beforeAll(async () => {
  if (!existsSync(`${SITE}index.html`)) throw new Error("run `cargo xtask demo --build-only` first");
  browser = await launch();
  shop = await serve();
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});
beforeEach(async () => {
  shop.change = (_, body) => body;
  someone = await shopper(browser);
});
afterEach(async () => {
  expect(someone.thrown).toEqual([]);
  await someone.context.close();
});

const slotTexts = (page: Page) =>
  page.$$eval("[data-shelf-slot]", (slots) =>
    slots.map((slot) => slot.textContent?.replace(/\s+/g, " ").trim()),
  );

/** A shopper who said yes, as the shop's own banner keeps it. */
const yes = (page: Page) =>
  page.evaluate(() => {
    localStorage.setItem("marigold:consent", '"yes"');
  });

/** Whether a shopper's next homepage is decided. */
const decided = (page: Page) =>
  page.waitForFunction(() => Object.keys(localStorage).some((key) => /^shelfwise:.*:boot$/.test(key)));

describe("a page of the shop", () => {
  it("runs the module and leaves storage alone before a yes", async () => {
    const page = await someone.open(shop.url);
    expect(await ready(page)).toBe(true);
    await page.mouse.move(200, 200);
    await page.waitForTimeout(1500);
    expect(await keys(page)).toEqual([]);
    expect(someone.warnings).toEqual([]);
  });

  it("is the shopper's own in the first frame of the next homepage", async () => {
    const page = await someone.open(shop.url);
    const before = await slotTexts(page);
    await yes(page);
    const links = await page.$$eval('a[href^="/p/"]', (found) =>
      found.map((link) => (link as HTMLAnchorElement).href),
    );
    for (const link of links.slice(0, 4)) {
      await page.goto(link);
      expect(await ready(page)).toBe(true);
    }
    await decided(page);
    // Without the script nothing but the boot snippet can change the page.
    shop.change = (path, body) => (path === "/shelfwise/shelfwise.js" ? null : body);
    await page.goto(shop.url, { waitUntil: "domcontentloaded" });
    expect(await slotTexts(page)).not.toEqual(before);
    expect(someone.warnings).toEqual([]);
  });
});

describe("when something is wrong the page is the shop's own, with one warning", () => {
  const wrong = async (change: Shop["change"], code: string) => {
    shop.change = (path, body) => (path === "/shelfwise/shelfwise.js" ? null : body);
    const before = await slotTexts(await someone.open(shop.url));
    shop.change = change;
    const page = await someone.open(shop.url);
    expect(await ready(page)).toBe(false);
    expect(await slotTexts(page)).toEqual(before);
    expect(someone.warnings.filter((warning) => warning.startsWith(`Shelfwise ${code}`))).toHaveLength(1);
    expect(someone.warnings).toHaveLength(1);
  };
  const flip = (body: Buffer) =>
    Buffer.from(body.map((byte, at) => (at === body.length - 9 ? byte ^ 1 : byte)));

  it("no pack", () => wrong((path, body) => (path.startsWith("/pack/") ? null : body), "R200"));
  it("a tampered latest.json", () =>
    wrong((path, body) => (path.endsWith("latest.json") ? flip(body) : body), "R201"));
  it("a truncated core", () =>
    wrong((path, body) => (path.includes("/core-") ? body.subarray(0, 99) : body), "R204"));
  it("a tampered core", () => wrong((path, body) => (path.includes("/core-") ? flip(body) : body), "R203"));
  it("another module than the one built with the script", () =>
    wrong((path, body) => (path.endsWith("_bg.wasm") ? flip(body) : body), "R101"));
  it("WebAssembly refused by the page's policy", () =>
    wrong(
      (path, body) => (path === "/" ? body.toString().replaceAll(" 'wasm-unsafe-eval'", "") : body),
      "R100",
    ));
});

describe("a trap", () => {
  it("gives the page back and keeps the module off", async () => {
    const page = await someone.context.newPage();
    await page.addInitScript(() => {
      const instantiate = WebAssembly.instantiate.bind(WebAssembly);
      const trap = () => {
        throw new WebAssembly.RuntimeError("unreachable");
      };
      WebAssembly.instantiate = (async (bytes: BufferSource, imports: WebAssembly.Imports) => {
        const { instance, module } = await instantiate(bytes, imports);
        return { module, instance: { exports: { ...instance.exports, module_decide: trap } } };
      }) as unknown as typeof WebAssembly.instantiate;
    });
    await page.goto(`${shop.url}/`);
    expect(await ready(page)).toBe(false);
    expect(someone.warnings).toHaveLength(1);
    expect(someone.warnings[0]).toMatch(/^Shelfwise R102/);
  });
});
