import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { accept, type Running, ready, remembered } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

const HOUR_MS = 3_600_000;

/** A page some hours before now. */
async function before(hours: number): Promise<Page> {
  const page = await at.someone.context.newPage();
  await page.clock.setSystemTime(Date.now() - hours * HOUR_MS);
  await page.goto(`${at.shop.url}/c/garden-picnic/`);
  expect(await ready(page)).toBe(true);
  await accept(page);
  return page;
}

/** Tells the page that something happened to the best seller, at that price. */
const happens = (page: Page, name: string, price: number): Promise<void> =>
  page.evaluate(([name, price]) => shelfwise.track(name, { items: [{ item_id: "85123A", price }] }), [
    name,
    price,
  ] as const);

/** Opens a department now. */
async function now(page: Page): Promise<void> {
  await page.clock.setSystemTime(Date.now());
  await page.goto(`${at.shop.url}/c/christmas/`);
  expect(await ready(page)).toBe(true);
}

describe("a moment that memory tells", () => {
  it("is a basket left for hours: its message is loaded, shown once, and seen", async () => {
    const page = await before(3);
    await happens(page, "add_to_cart", 2.95);
    expect(at.shop.requests.some(({ url }) => url.endsWith("/message.js"))).toBe(false);
    await now(page);
    const toast = page.locator(".shelfwise-toast");
    await toast.waitFor();
    expect(await toast.textContent()).toContain("Your basket is still packed.");
    expect(at.shop.requests.filter(({ url }) => url.endsWith("/message.js"))).toHaveLength(1);
    await page.waitForTimeout(1500);
    expect(JSON.stringify((await remembered(page)).events)).toContain("toast-basket-waits/default");
    // Its cap is one a day.
    await page.reload();
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(700);
    expect(await toast.count()).toBe(0);
  });

  it("is no basket left a moment ago", async () => {
    const page = await before(0);
    await happens(page, "add_to_cart", 2.95);
    await now(page);
    await page.waitForTimeout(700);
    expect(await page.locator(".shelfwise-toast").count()).toBe(0);
  });
});

describe("a moment that a new catalogue tells", () => {
  it("is a wish that costs less than when it was wished for", async () => {
    const page = await before(24 * 30);
    await happens(page, "add_to_wishlist", 9.95);
    await now(page);
    const toast = page.locator(".shelfwise-toast");
    await toast.waitFor();
    expect(await toast.textContent()).toContain("It costs less now.");
  });

  it("is no wish that costs what it did", async () => {
    const page = await before(24 * 30);
    await happens(page, "add_to_wishlist", 0.05);
    await now(page);
    await page.waitForTimeout(900);
    expect(await page.locator(".shelfwise-toast").count()).toBe(0);
  });
});

describe("an event of the shop's own", () => {
  it("opens its chat for somebody who hesitates at the basket", async () => {
    const page = await before(0);
    await happens(page, "add_to_cart", 2.95);
    await page.goto(`${at.shop.url}/cart/`);
    expect(await ready(page)).toBe(true);
    await page.locator(".chat").waitFor({ timeout: 40_000 });
    expect(await page.textContent(".chat")).toContain("anything you would like to know");
  });
});
