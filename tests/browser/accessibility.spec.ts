import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { accept, decided, productsOf, ready } from "./visit.js";

const at = stand();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with a page: rule and element. */
async function wrong(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { run } = (window as unknown as { axe: { run(): Promise<AxeResult> } }).axe;
    const { violations } = await run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${location.pathname} ${id}: ${html.slice(0, 160)}`),
    );
  });
}

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}

const PAGES = ["/", "/c/garden-picnic/", "/p/22423/", "/cart/", "/wishlist/", "/privacy/"];

describe("axe finds nothing wrong", { timeout: 90_000 }, () => {
  it("with the shop's own pages", async () => {
    const page = await at.someone.context.newPage();
    at.shop.change = (path, body) => (path.startsWith("/shelfwise/") ? null : body);
    const found: string[] = [];
    for (const path of PAGES) {
      await page.goto(`${at.shop.url}${path}`);
      found.push(...(await wrong(page)));
    }
    expect(found).toEqual([]);
  });

  it("with those pages made personal, a message on one of them", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/c/garden-picnic/`);
    expect(await ready(page)).toBe(true);
    await accept(page);
    await page.locator(".card button.wish").first().click();
    for (const product of (await productsOf(page)).slice(0, 3)) {
      await page.goto(`${at.shop.url}/p/${product}/`);
      expect(await ready(page)).toBe(true);
      if (await page.locator('.buy [data-do="cart"]').isEnabled()) await page.click('.buy [data-do="cart"]');
    }
    await page.evaluate(() => {
      const { shelfwise } = window as unknown as { shelfwise: { track(name: string, said: object): void } };
      shelfwise.track("add_to_cart", { items: [{ item_id: "22423", price: 15, quantity: 1 }] });
    });
    await decided(page, "home.row-1");
    let messages = 0;
    const found: string[] = [];
    for (const path of PAGES) {
      await page.goto(`${at.shop.url}${path}`);
      expect(await ready(page)).toBe(true);
      await page.waitForTimeout(400);
      found.push(...(await wrong(page)));
      messages += await page.locator(".shelfwise-message").count();
    }
    expect(found).toEqual([]);
    expect(messages).toBeGreaterThan(0);
    await page.goto(at.shop.url);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("the garden?");
  });
});
