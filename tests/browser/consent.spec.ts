import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { accept, keys, productsOf, type Running, ready, remembered } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

declare global {
  /** Every access to what a browser keeps, that was not the shop's own: what, and from where. */
  var kept: string[];
}

/** Makes pages of a tab note every access to storage of any kind, by whom. */
const watchStorage = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    globalThis.kept = [];
    const note = (what: string) => {
      const from = new Error().stack ?? "";
      // The shop's own script, and its own line in the head, keep the shop's own things.
      const shops =
        from.includes("/shop.js") || document.currentScript?.textContent?.includes("marigold:consent");
      if (!shops) globalThis.kept.push(`${what} ${from}`);
    };
    const watch = (object: object, name: string) => {
      const property = Object.getOwnPropertyDescriptor(object, name);
      if (!property) throw new Error(`no ${name} to watch`);
      const { get, set, value } = property;
      if (typeof value === "function")
        Object.defineProperty(object, name, {
          ...property,
          value(this: unknown, ...parameters: unknown[]) {
            note(name);
            return value.apply(this, parameters);
          },
        });
      else
        Object.defineProperty(object, name, {
          ...property,
          ...(get && {
            get(this: unknown) {
              note(name);
              return get.call(this);
            },
          }),
          ...(set && {
            set(this: unknown, given: unknown) {
              note(name);
              set.call(this, given);
            },
          }),
        });
    };
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) watch(window, name);
    for (const name of ["getItem", "setItem", "removeItem", "key", "clear", "length"])
      watch(Storage.prototype, name);
    watch(Document.prototype, "cookie");
    watch(IDBFactory.prototype, "open");
    watch(Navigator.prototype, "storage");
    if ("cookieStore" in window) watch(window, "cookieStore");
  });

/** Does what a visit does, without a word about consent; returns what was accessed meanwhile. */
async function browse(page: Page): Promise<string[]> {
  const accesses: string[] = [];
  const done = async () => accesses.push(...(await page.evaluate(() => kept)));
  await page.goto(at.shop.url);
  expect(await ready(page)).toBe(true);
  await page.mouse.move(200, 200);
  await page.mouse.wheel(0, 1500);
  await page.waitForTimeout(700);
  await done();
  await page.goto(`${at.shop.url}/c/garden-picnic/`);
  expect(await ready(page)).toBe(true);
  await page.locator(".card button.wish").first().click();
  await page.waitForTimeout(300);
  await done();
  const [product] = await productsOf(page);
  await page.goto(`${at.shop.url}/p/${product}/`);
  expect(await ready(page)).toBe(true);
  await page.click('.buy [data-do="cart"]');
  await page.mouse.move(200, 300);
  await page.waitForTimeout(1500);
  await done();
  return accesses;
}

describe("before a yes", () => {
  it("nothing that a browser keeps is read or written, and memory ends with the page", async () => {
    const page = await at.someone.context.newPage();
    await watchStorage(page);
    expect(await browse(page)).toEqual([]);
    // On the page itself there is a memory.
    const memory = await remembered(page);
    expect(memory.consent).toBe(0);
    expect(memory.cart).toHaveLength(1);
    expect(memory.items).toHaveLength(1);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    expect((await remembered(page)).items).toEqual([]);
    expect(await page.evaluate(() => kept)).toEqual([]);
    expect(await keys(page)).toEqual([]);
    expect(await at.someone.context.cookies()).toEqual([]);
  });

  it("the watch sees what comes after a yes", async () => {
    const page = await at.someone.context.newPage();
    await watchStorage(page);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await accept(page);
    const seen = await page.evaluate(() => kept.filter((entry) => entry.includes("/shelfwise/")));
    expect(seen.length).toBeGreaterThan(0);
    await page.reload();
    expect(await ready(page)).toBe(true);
    const booted = await page.evaluate(() => kept.filter((entry) => !entry.includes("/shelfwise/")));
    expect(booted[0]).toMatch(/^localStorage/);
  });
});

describe("Global Privacy Control", () => {
  it("means no, whatever else is said", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });
    });
    await watchStorage(page);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await page.click('[data-do="consent-yes"]');
    expect(await browse(page)).toEqual([]);
    expect(await keys(page)).toEqual([]);
    expect((await remembered(page)).consent).toBe(0);
  });
});

describe("a yes", () => {
  it("keeps what was done on this page before it", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/p/22423/`);
    expect(await ready(page)).toBe(true);
    await accept(page);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    expect((await remembered(page)).items.map(({ item }) => item)).toEqual(["22423"]);
  });

  it("to remembering alone changes nothing that is shown", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/privacy/`);
    expect(await ready(page)).toBe(true);
    await page.click('[data-do="privacy-pause"]');
    await page.goto(`${at.shop.url}/c/garden-picnic/`);
    for (const product of (await productsOf(page)).slice(0, 3)) {
      await page.goto(`${at.shop.url}/p/${product}/`);
      expect(await ready(page)).toBe(true);
    }
    await page.waitForTimeout(800);
    expect((await keys(page)).some((key) => key.endsWith(":boot"))).toBe(false);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(500);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("Small things");
    expect(await page.textContent('[data-shelf-slot="home.row-2"] h2')).toBe("Just unpacked");
    expect((await remembered(page)).items).toHaveLength(3);
  });
});

describe("a no after a yes", () => {
  it("erases within a second, in every tab", async () => {
    const { context } = at.someone;
    const tabs = [await context.newPage(), await context.newPage(), await context.newPage()] as const;
    await tabs[0].goto(at.shop.url);
    expect(await ready(tabs[0])).toBe(true);
    await accept(tabs[0]);
    for (const [index, tab] of tabs.entries()) {
      await tab.goto(`${at.shop.url}/p/${["22423", "85123A", "20725"][index]}/`);
      expect(await ready(tab)).toBe(true);
    }
    await tabs[2].waitForTimeout(600);
    expect((await remembered(tabs[2])).items).toHaveLength(3);
    expect((await keys(tabs[0])).length).toBeGreaterThan(3);

    await tabs[0].click('[data-do="consent"]');
    await tabs[0].click('[data-do="consent-no"]');
    await tabs[0].waitForTimeout(900);
    for (const tab of tabs) {
      expect((await keys(tab)).filter((key) => !key.endsWith(":epoch"))).toEqual([]);
      const { items, events, consent } = await remembered(tab);
      expect({ items, events, consent }).toEqual({ items: [], events: [], consent: 0 });
    }
    // No tab writes again, whatever is done in it.
    for (const tab of tabs) await tab.click('.buy [data-do="wish"]');
    for (const tab of tabs) await tab.goto(at.shop.url);
    await tabs[0].waitForTimeout(800);
    expect((await keys(tabs[0])).filter((key) => !key.endsWith(":epoch"))).toEqual([]);
    expect(at.someone.warnings).toEqual([]);
  });

  it("and 'erase everything' forgets in every tab, and starts anew", async () => {
    const { context } = at.someone;
    const tabs = [await context.newPage(), await context.newPage()] as const;
    await tabs[0].goto(`${at.shop.url}/p/22423/`);
    expect(await ready(tabs[0])).toBe(true);
    await accept(tabs[0]);
    await tabs[1].goto(`${at.shop.url}/privacy/`);
    expect(await ready(tabs[1])).toBe(true);
    await tabs[1].click('[data-do="privacy-forget"]');
    await tabs[1].waitForTimeout(900);
    for (const tab of tabs) {
      const { items, consent } = await remembered(tab);
      expect({ items, consent }).toEqual({ items: [], consent: 2 });
    }
    await tabs[0].click('.buy [data-do="wish"]');
    await tabs[1].reload();
    expect(await ready(tabs[1])).toBe(true);
    expect((await remembered(tabs[1])).wishlist.map(({ item }) => item)).toEqual(["22423"]);
  });
});
