import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { accept, keys, productsOf, type Running, ready, remembered } from "./visit.js";

declare const shelfwise: Running;

const at = stand({ tabs: true });

/** A shopper who said yes and is on a page; its tab is the one looked at. */
async function open(path: string): Promise<Page> {
  const page = await at.someone.open(`${at.shop.url}${path}`);
  await page.bringToFront();
  expect(await ready(page)).toBe(true);
  if (!(await keys(page)).length) await accept(page);
  return page;
}

/** A further tab, in front. */
async function tab(path: string): Promise<Page> {
  const page = await at.someone.context.newPage();
  await page.goto(`${at.shop.url}${path}`);
  await page.bringToFront();
  expect(await ready(page)).toBe(true);
  return page;
}

/** Attention so far to a product, milliseconds, what is not written down yet included after leaving a tab. */
async function attention(page: Page, product: string): Promise<number> {
  const { items } = await remembered(page);
  return items.find(({ item }) => item === product)?.engaged_ms ?? 0;
}

/** Makes what was counted so far be written down. */
const writeDown = (page: Page) =>
  page.evaluate(() => {
    for (const name of ["pagehide", "pageshow"]) dispatchEvent(new Event(name));
  });

/** Goes back one page; the page may come from the back/forward cache, and then is not loaded. */
async function back(page: Page, path: string): Promise<void> {
  await page.evaluate(() => history.back());
  await page.waitForURL(`**${path}`, { waitUntil: "commit" });
  expect(await ready(page)).toBe(true);
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe("attention", { timeout: 60_000 }, () => {
  it("counts while the tab is looked at, and stops while another one is", async () => {
    const page = await open("/p/22423/");
    await page.mouse.move(100, 200);
    await wait(2200);
    const other = await tab("/");
    expect(await page.evaluate(() => [document.visibilityState, document.hasFocus()])).toEqual([
      "hidden",
      false,
    ]);
    const before = await attention(page, "22423");
    expect(before).toBeGreaterThan(1500);
    expect(before).toBeLessThan(6000);
    await wait(2500);
    await writeDown(page);
    expect(await attention(page, "22423")).toBe(before);

    await page.bringToFront();
    await page.mouse.move(120, 220);
    await wait(1700);
    await other.bringToFront();
    await wait(300);
    const after = (await attention(page, "22423")) - before;
    expect(after).toBeGreaterThan(1000);
    expect(after).toBeLessThan(3500);
  });

  it("is carried over a reload, counts on in a page from the back/forward cache, and views once", async () => {
    const page = await open("/p/22423/");
    await page.mouse.move(100, 200);
    await wait(1600);
    await page.reload();
    expect(await ready(page)).toBe(true);
    const first = await attention(page, "22423");
    expect(first).toBeGreaterThan(1000);
    await page.evaluate(() => {
      addEventListener("pageshow", (event) => {
        document.title = event.persisted ? "kept" : "loaded";
      });
    });
    const views = async () => (await remembered(page)).items.find(({ item }) => item === "22423")?.views;
    const viewed = await views();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await wait(300);
    await back(page, "/p/22423/");
    expect(await page.title()).toBe("kept");
    const returned = await attention(page, "22423");
    expect(returned).toBeGreaterThanOrEqual(first);
    await page.mouse.move(130, 210);
    await wait(1600);
    await writeDown(page);
    const last = await attention(page, "22423");
    expect(last - returned).toBeGreaterThan(1000);
    expect(last - returned).toBeLessThan(3500);
    expect(await views()).toBe(viewed);
    await page.click('.buy [data-do="wish"]');
    expect((await remembered(page)).wishlist.map(({ item }) => item)).toEqual(["22423"]);
  });

  it("survives a killed browser but for its last seconds", async () => {
    const page = await open("/p/22423/");
    for (let move = 0; move < 7; move++) {
      await page.mouse.move(100 + move, 200);
      await wait(1000);
    }
    // What a tab that dies now has left behind: its own last words are not heard.
    const left = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => /^shelfwise:[^:]+:[js]:/.test(key)),
    );
    expect(left.length).toBeGreaterThan(0);
    await page.evaluate(() =>
      addEventListener("pagehide", (event) => event.stopImmediatePropagation(), true),
    );
    const other = await tab("/");
    expect(await attention(other, "22423")).toBeGreaterThanOrEqual(5000);
  });
});

describe("attention", () => {
  it("ends half a minute after the last thing done", async () => {
    const page = await at.someone.context.newPage();
    await page.clock.install();
    await page.goto(`${at.shop.url}/p/22423/`);
    await page.bringToFront();
    await page.clock.runFor(1000);
    expect(await ready(page)).toBe(true);
    await page.mouse.move(100, 200);
    await page.clock.runFor(100_000);
    await writeDown(page);
    const idle = await attention(page, "22423");
    expect(idle).toBeGreaterThan(25_000);
    expect(idle).toBeLessThan(33_000);
    await page.mouse.move(110, 200);
    await page.clock.runFor(5000);
    await writeDown(page);
    expect((await attention(page, "22423")) - idle).toBeGreaterThan(3900);
    expect((await attention(page, "22423")) - idle).toBeLessThan(6100);
  });
});

describe("two tabs", { timeout: 60_000 }, () => {
  it("lose nothing of what is done in either at once", async () => {
    const one = await open("/c/garden-picnic/");
    const two = await tab("/c/christmas/");
    const [garden, christmas] = [(await productsOf(one)).slice(0, 12), (await productsOf(two)).slice(0, 12)];
    const tell = (page: Page, products: string[]) =>
      page.evaluate(async (products) => {
        for (const item_id of products) {
          shelfwise.track("view_item", { items: [{ item_id }] });
          await new Promise((later) => setTimeout(later, 5));
        }
      }, products);
    await one.bringToFront();
    await one.locator(".card button.wish").first().click();
    await two.bringToFront();
    await Promise.all([tell(one, garden), tell(two, christmas)]);
    await two.locator(".card button.wish").first().click();
    await Promise.all([one.close({ runBeforeUnload: true }), two.close({ runBeforeUnload: true })]);

    const page = await tab("/wishlist/");
    const { wishlist, items } = await remembered(page);
    expect(wishlist.map(({ item }) => item).sort()).toEqual([garden[0], christmas[0]].sort());
    const viewed = items.filter(({ views }) => views > 0).map(({ item }) => item);
    expect(viewed.sort()).toEqual([...garden, ...christmas].sort());
  });

  it("see what the other did", async () => {
    const one = await open("/p/22423/");
    const two = await tab("/p/85123A/");
    await two.click('.buy [data-do="cart"]');
    await wait(200);
    await one.bringToFront();
    await one.click('.buy [data-do="wish"]');
    // When it is come back to, or at its next look at the latest.
    const carried = async () => (await remembered(one)).cart.map(({ item }) => item);
    await expect.poll(carried, { timeout: 20_000 }).toEqual(["85123A"]);
    const { items, wishlist } = await remembered(one);
    expect(wishlist.map(({ item }) => item)).toEqual(["22423"]);
    expect(items.map(({ item }) => item).sort()).toEqual(["22423", "85123A"]);
  });

  it("of which one was in the back/forward cache: a no reaches it when it is shown again", async () => {
    const one = await open("/p/22423/");
    await one.goto(at.shop.url);
    expect(await ready(one)).toBe(true);
    await one.click('[data-do="consent"]');
    await one.click('[data-do="consent-no"]');
    await wait(300);
    await back(one, "/p/22423/");
    await one.click('.buy [data-do="wish"]');
    await wait(800);
    expect((await remembered(one)).consent).toBe(0);
    expect((await keys(one)).filter((key) => !key.endsWith(":epoch"))).toEqual([]);
  });

  it("and many page views keep few keys and few bytes", async () => {
    const page = await open("/c/garden-picnic/");
    const products = (await productsOf(page)).slice(0, 14);
    for (const product of products) {
      await page.goto(`${at.shop.url}/p/${product}/`);
      expect(await ready(page)).toBe(true);
    }
    const used = await page.evaluate(() =>
      Object.entries(localStorage)
        .filter(([key]) => key.startsWith("shelfwise:"))
        .reduce((sum, [key, value]) => sum + 2 * (key.length + value.length), 0),
    );
    expect(used).toBeLessThanOrEqual(96 * 1024);
    // A segment a page view at most, and epoch, boot, latest and snapshots.
    expect((await keys(page)).length).toBeLessThanOrEqual(products.length + 8);
    expect((await remembered(page)).items).toHaveLength(14);
    const others = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => !/^(shelfwise:marigold-wren|marigold):/.test(key)),
    );
    expect(others).toEqual([]);
  });
});
