import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { ready } from "./visit.js";

const at = stand();

const ROW = '[data-shelf-slot="product.cross-sell"]';

/** A product page of a shop that names its stock service, which answers by `stock`. */
async function open(stock: (ids: string[]) => object[] | Promise<object[]>): Promise<Page> {
  const page = await at.someone.context.newPage();
  await page.route("**/stock?of=*", async (route) => {
    const ids = new URL(route.request().url()).searchParams.get("of") ?? "";
    await route.fulfill({ json: await stock(ids.split(",")) }).catch(() => undefined);
  });
  at.shop.change = (path, body) =>
    path.startsWith("/p/")
      ? body.toString().replace("data-pack=", 'data-fresh="/stock?of={ids}" data-pack=')
      : body;
  await page.goto(`${at.shop.url}/p/85123A/`);
  expect(await ready(page)).toBe(true);
  return page;
}

const title = (page: Page) => page.textContent(`${ROW} h2`);
const recommended = (page: Page) =>
  page.waitForFunction(
    (row) => document.querySelector(`${row} h2`)?.textContent === "Often bought together",
    ROW,
  );

describe("a row of products, before it is shown,", () => {
  it("loses what is sold out and gets the prices of now", async () => {
    const asked: string[][] = [];
    const page = await open((ids) => {
      asked.push(ids);
      return ids.map((id, index) => ({ id, price: 1234.5 + index, in_stock: index > 1 }));
    });
    await recommended(page);
    expect(asked[0]).toHaveLength(6);
    const cards = page.locator(`${ROW} [data-shelf-item]`);
    const shown = await cards.evaluateAll((all) => all.map((card) => card.getAttribute("data-shelf-item")));
    expect(shown).toEqual(asked.at(-1)?.slice(2));
    expect(await cards.first().locator(".card-price").textContent()).toBe("£1236.50");
    expect(await cards.first().getAttribute("data-shelf-price")).toBe("1236.50");
    expect(at.shop.requests.filter(({ url }) => url.endsWith("/fresh.js"))).toHaveLength(1);
    expect(at.someone.warnings).toEqual([]);
  });

  it("is shown as it is when the answer takes too long, or is none", async () => {
    const slow = await open(() => new Promise((done) => setTimeout(() => done([]), 5000)));
    await recommended(slow);
    expect(await slow.locator(`${ROW} [data-shelf-item]`).count()).toBe(6);
    expect(at.someone.warnings).toEqual([]);
  });

  it("stays the shop's own when all of it is sold out", async () => {
    const page = await open((ids) => ids.map((id) => ({ id, in_stock: false })));
    await page.waitForTimeout(900);
    expect(await title(page)).not.toBe("Often bought together");
  });

  it("asks nobody where nothing is configured", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/p/85123A/`);
    expect(await ready(page)).toBe(true);
    await recommended(page);
    expect(at.shop.requests.some(({ url }) => /fresh\.js|stock/.test(url))).toBe(false);
  });
});
