import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Change } from "./server.js";
import { stand } from "./stand.js";
import { accept, decided, keys, type Running, ready, remembered, slots } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

const FIRST = "/shelfwise/shelfwise_bg.wasm";
const PRODUCTS = "/shelfwise/shelfwise_products_bg.wasm";
const REST = "/shelfwise/shelfwise_rest_bg.wasm";

/** How often each of the module's files was asked for. */
const asked = () =>
  [FIRST, PRODUCTS, REST].map((file) => at.shop.requests.filter(({ url }) => url === file).length);

const without: Change = (path, body) => ([PRODUCTS, REST].includes(path) ? null : body);

/** Looks at the page as a shopper does who reads all of it. */
async function look(page: Page): Promise<void> {
  await page.mouse.move(200, 300);
  for (let screen = 0; screen < 6; screen++) {
    await page.waitForTimeout(1300);
    await page.mouse.wheel(0, 700);
  }
}

describe("the later of the module's files", () => {
  it("are not fetched for a first look at the homepage, and once for a yes", async () => {
    const { shop, someone } = at;
    const page = await someone.context.newPage();
    await page.goto(shop.url);
    expect(await ready(page)).toBe(true);
    const seen_s = await page.evaluate(() => Date.now() / 1000);
    await look(page);
    expect((await page.evaluate(() => shelfwise.decide())).length).toBeGreaterThan(0);
    expect(asked()).toEqual([1, 0, 0]);

    await accept(page);
    await decided(page);
    await page.evaluate(() => shelfwise.consent({ remember: true, personalise: false }));
    await page.evaluate(() => shelfwise.consent({ remember: true }));
    const memory = await remembered(page);
    expect(memory.consent).toBe(2);
    // What happened before the yes is remembered, once and as of then.
    expect(memory.visit.pages).toBe(1);
    const views = memory.events.filter(({ event }) => event === "page_view");
    expect(views).toHaveLength(1);
    expect(views[0]?.at).toBeLessThan(seen_s + 2);
    expect(asked()).toEqual([1, 1, 1]);
    await page.reload();
    expect(await ready(page)).toBe(true);
    expect((await remembered(page)).visit.pages).toBe(2);
    expect(someone.warnings).toEqual([]);
  });

  it("come as far as products at once where a page has one, whose row they fill; all for what is stored", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/p/22423/`);
    expect(await ready(page)).toBe(true);
    const row = () => page.evaluate(() => shelfwise.decide(["product.cross-sell"]));
    await expect.poll(async () => JSON.stringify(await row())).toContain("Often bought together");
    await page.waitForTimeout(1300);
    expect(asked()).toEqual([1, 1, 0]);
    expect((await remembered(page)).items.map(({ item }) => item)).toEqual(["22423"]);
    expect(asked()).toEqual([1, 1, 1]);
  });

  it.each(["/c/garden-picnic/", "/search/?q=tin", "/cart/"])(
    "come as far as products on %s",
    async (path) => {
      const page = await at.someone.context.newPage();
      await page.goto(at.shop.url + path);
      expect(await ready(page)).toBe(true);
      await page.mouse.wheel(0, 700);
      await page.waitForTimeout(1300);
      expect(asked()).toEqual([1, 1, 0]);
    },
  );

  it("come as far as products for a question about one that the page says nothing of", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    const recommend = () => shelfwise.recommend({ strategy: "bought-together", item: "22423", limit: 4 });
    expect(await page.evaluate(recommend)).toHaveLength(4);
    expect(asked()).toEqual([1, 1, 0]);
  });

  it.each([0, 20, 60])("answer such a question although a yes comes %i ms after it", async (later_ms) => {
    const page = await at.someone.context.newPage();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    const cards = page.evaluate(async (later_ms) => {
      const [one, other] = ["22423", "85123A"].map((item) =>
        shelfwise.recommend({ strategy: "bought-together", item, limit: 4 }),
      );
      await new Promise((later) => setTimeout(later, later_ms));
      shelfwise.consent({ remember: true });
      return Promise.all([one, other]);
    }, later_ms);
    expect((await cards).map((row) => row?.length)).toEqual([4, 4]);
    expect(at.someone.warnings).toEqual([]);
  });

  it("come for a question that needs them, whose answer is the right one", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    const answers = await page.evaluate(async () => {
      const recommended = shelfwise.recommend({ strategy: "bought-together", item: "22423", limit: 4 });
      shelfwise.profile({ first_name: "Ada" });
      shelfwise.track("view_item", { items: [{ item_id: "85123A" }] });
      return [(await recommended).length, await shelfwise.export()] as const;
    });
    expect(answers[0]).toBe(4);
    expect(answers[1]).toMatchObject({
      consent: 0,
      profile: { first_name: "Ada" },
      items: [{ item: "85123A" }],
    });
    expect(await keys(page)).toEqual([]);
    expect(asked()).toEqual([1, 1, 1]);
  });

  it("on their way when the shopper says no, leave nothing behind; when they go, they harm nobody", async () => {
    const { shop, someone } = at;
    let [come, held]: [() => void, Promise<void>?] = [() => {}];
    const hold = () => {
      held = new Promise((done) => {
        come = done;
      });
    };
    hold();
    shop.change = async (path, body) => {
      if (path === REST) await held;
      return body;
    };
    const page = await someone.context.newPage();
    await page.goto(shop.url);
    expect(await ready(page)).toBe(true);
    await page.evaluate(() => {
      shelfwise.consent({ remember: true });
      shelfwise.consent({ remember: false });
    });
    come();
    expect((await remembered(page)).consent).toBe(0);
    expect((await keys(page)).filter((key) => !key.endsWith(":epoch"))).toEqual([]);

    hold();
    await page.reload();
    expect(await ready(page)).toBe(true);
    await page.evaluate(() => shelfwise.consent({ remember: true }));
    await page.goto(`${shop.url}/wishlist/`);
    expect(await ready(page)).toBe(true);
    come();
    await page.goBack();
    expect(await ready(page)).toBe(true);
    expect((await remembered(page)).visit.pages).toBe(1);
    expect(someone.warnings).toEqual([]);
  });

  it("that cannot be had leave the page to the merchant, with one warning", async () => {
    const { shop, someone } = at;
    const page = await someone.context.newPage();
    shop.change = (path, body) => (path.startsWith("/shelfwise/") ? null : body);
    await page.goto(shop.url);
    const before = await slots(page);
    shop.change = without;
    await page.goto(shop.url);
    expect(await ready(page)).toBe(true);
    expect(someone.warnings).toEqual([]);
    await page.evaluate(() => {
      shelfwise.consent({ remember: true });
      shelfwise.track("view_item", { items: [{ item_id: "85123A" }] });
    });
    expect(await page.evaluate(() => Promise.all([shelfwise.decide(), shelfwise.export()]))).toEqual([
      [],
      null,
    ]);
    expect(await slots(page)).toEqual(before);
    expect(someone.warnings).toHaveLength(1);
    expect(someone.warnings[0]).toMatch(/^Shelfwise R101/);
    // Where one is needed from the beginning nothing runs.
    await page.goto(`${shop.url}/p/22423/`);
    expect(await ready(page)).toBe(false);
    expect(someone.warnings.map((warning) => warning.slice(0, 14))).toEqual(Array(2).fill("Shelfwise R101"));
  });

  it("that were tampered with are some that cannot be had", async () => {
    const { shop, someone } = at;
    shop.change = (path, body) => (path === PRODUCTS ? Buffer.concat([body, Buffer.from([0])]) : body);
    const page = await someone.context.newPage();
    await page.goto(`${shop.url}/p/22423/`);
    expect(await ready(page)).toBe(false);
    expect(someone.warnings).toHaveLength(1);
    expect(someone.warnings[0]).toMatch(/^Shelfwise R101/);
  });
});
