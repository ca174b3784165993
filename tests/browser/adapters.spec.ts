import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { productsOf, type Running, ready, remembered } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

/** How the demo's product pages tell scripts about themselves: a third of the products each. */
type Template = "shelf" | "ga4" | "plain";

let known: Partial<Record<Template, string>> | undefined;

/** A product whose page speaks so. */
async function product(page: Page, template: Template): Promise<string> {
  if (!known) {
    known = {};
    await page.goto(`${at.shop.url}/c/kitchen-dining/`);
    for (const id of await productsOf(page)) {
      const text = await (await fetch(`${at.shop.url}/p/${id}/`)).text();
      const [, speaks] = /"template":"(\w+)"/.exec(text) ?? [];
      if (text.includes('data-do="cart" disabled') || text.includes("Sold out for now")) continue;
      known[speaks as Template] ??= id;
    }
  }
  const found = known[template];
  if (!found) throw new Error(`no product whose page is ${template}`);
  return found;
}

/** How often each event happened, by name. */
async function counts(page: Page): Promise<Record<string, number>> {
  const { events } = await remembered(page);
  const of: Record<string, number> = {};
  for (const { event } of events) of[event] = (of[event] ?? 0) + 1;
  return of;
}

describe("a product page makes one event of each thing done", () => {
  for (const template of ["shelf", "ga4", "plain"] as const)
    it(`when it speaks by ${template}`, async () => {
      const page = await at.someone.context.newPage();
      const id = await product(page, template);
      await page.goto(`${at.shop.url}/p/${id}/`);
      expect(await ready(page)).toBe(true);
      await page.fill("#quantity", "3");
      await page.click('.buy [data-do="cart"]');
      await page.click('.buy [data-do="wish"]');
      await page.waitForTimeout(300);
      const { page_view, view_item, add_to_cart, add_to_wishlist } = await counts(page);
      expect({ page_view, view_item, add_to_cart, add_to_wishlist }).toEqual({
        page_view: 1,
        view_item: 1,
        add_to_cart: 1,
        add_to_wishlist: 1,
      });
      const memory = await remembered(page);
      expect(memory.cart).toEqual([expect.objectContaining({ item: id, quantity: 3 })]);
      expect(memory.cart[0]).toHaveProperty("price_minor", expect.any(Number));
      expect((memory.cart[0] as unknown as { price_minor: number }).price_minor).toBeGreaterThan(0);
      expect(memory.wishlist.map(({ item }) => item)).toEqual([id]);
      expect(memory.items.find(({ item }) => item === id)?.category).toBe("Kitchen & Dining");
      await page.click('.buy [data-do="wish"]');
      await page.waitForTimeout(300);
      expect((await remembered(page)).wishlist).toEqual([]);
      expect((await counts(page)).remove_from_wishlist).toBe(1);
    });

  it("when two sources say it", async () => {
    const page = await at.someone.context.newPage();
    const id = await product(page, "shelf");
    await page.goto(`${at.shop.url}/p/${id}/`);
    expect(await ready(page)).toBe(true);
    await page.click('.buy [data-do="cart"]');
    await page.evaluate((item_id) => {
      const items = [{ item_id, price: 1.25, quantity: 1 }];
      const layer = window.dataLayer as unknown[];
      layer.push({ event: "view_item", ecommerce: { items } });
      layer.push({ event: "add_to_cart", ecommerce: { items } });
    }, id);
    const { view_item, add_to_cart } = await counts(page);
    expect({ view_item, add_to_cart }).toEqual({ view_item: 1, add_to_cart: 1 });
  });

  it("in gtag's form, and whatever else is in the data layer", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(() => {
      // Before the script is there.
      window.dataLayer = [{ event: "gtm.js" }, null, 7, "text", ["consent", "default", {}]];
    });
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await page.evaluate(() => {
      const layer = window.dataLayer as unknown[];
      const gtag: (...parameters: unknown[]) => void = function () {
        // biome-ignore lint/complexity/noArguments: this is how gtag.js itself does it
        layer.push(arguments);
      };
      gtag("event", "add_to_wishlist", { currency: "GBP", items: [{ item_id: "20725", price: 2 }] });
      gtag("event", "add_to_wishlist");
      gtag("set", { user_id: "7" });
      layer.push({ event: "add_to_cart", ecommerce: { items: "none" } }, { event: 7 }, { event: "purchase" });
    });
    expect((await remembered(page)).wishlist.map(({ item }) => item)).toEqual(["20725"]);
    expect(JSON.stringify(await remembered(page))).not.toContain("user_id");
  });
});

describe("a whole purchase", () => {
  it("is one of each event, with its value, and the checkout's fields are never read", async () => {
    const page = await at.someone.context.newPage();
    const id = await product(page, "ga4");
    await page.goto(`${at.shop.url}/p/${id}/`);
    expect(await ready(page)).toBe(true);
    await page.click('[data-do="consent-yes"]');
    await page.fill("#quantity", "2");
    await page.click('.buy [data-do="cart"]');
    await page.goto(`${at.shop.url}/cart/`);
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(300);
    expect((await counts(page)).view_cart).toBe(1);
    await page.goto(`${at.shop.url}/checkout/`);
    expect(await ready(page)).toBe(true);
    const fields = page.locator("#checkout input:not([type=checkbox]):not([type=radio])");
    for (let field = 0; field < (await fields.count()); field++) {
      const type = await fields.nth(field).getAttribute("type");
      await fields.nth(field).fill(type === "email" ? "zyxcanary@zyx.example" : "Zyxcanary 12");
    }
    await page.waitForTimeout(500);
    await page.click("#checkout button");
    await page.waitForURL("**/thank-you/");
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(500);
    const memory = await remembered(page);
    const { add_to_cart, begin_checkout, purchase } = await counts(page);
    expect({ add_to_cart, begin_checkout, purchase }).toEqual({
      add_to_cart: 1,
      begin_checkout: 1,
      purchase: 1,
    });
    const kept = memory as unknown as { profile: { orders: number; spend_minor: number } };
    const order = await page.evaluate(() => JSON.parse(localStorage.getItem("marigold:order") ?? "null"));
    expect(kept.profile.orders).toBe(1);
    expect(kept.profile.spend_minor).toBe(Math.round(order.value * 100));
    expect(memory.cart).toEqual([]);
    const ours = await page.evaluate(() =>
      Object.entries(localStorage)
        .filter(([key]) => key.startsWith("shelfwise:"))
        .map(String)
        .join("\n"),
    );
    expect(`${JSON.stringify(memory)}${ours}`.toLowerCase()).not.toContain("zyx");
    await page.reload();
    expect(await ready(page)).toBe(true);
    expect((await counts(page)).purchase).toBe(1);
  });
});

describe("a search", () => {
  it("is one event with its term", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/search/?q=blue+teacup`);
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(600);
    const searches = (await remembered(page)).events.filter(({ event }) => event === "search");
    expect(searches).toEqual([expect.objectContaining({ text: "blue teacup" })]);
  });
});

describe("what a shop marks", () => {
  it("is told to the memory alone; answers are exported, and sources wait for a yes", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: where the shop keeps it
      document.cookie = "taste=oak; path=/";
      const heard: string[] = [];
      const listener = ({ name }: { name: string }) => heard.push(name);
      Object.assign(window, {
        heard,
        shelfwise: [
          ["options", { sources: "tastes=cookie:taste" }],
          ["on", "event", listener],
        ],
      });
    });
    await page.goto(`${at.shop.url}/p/${await product(page, "shelf")}/`);
    expect(await ready(page)).toBe(true);
    await page.click(".facts");
    const { events } = await remembered(page);
    expect(events.filter(({ event }) => event === "signal").map(({ text }) => text)).toEqual(["facts"]);
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect([heard.includes("view_item"), heard.includes("signal")]).toEqual([true, false]);

    const tastes = () =>
      page.evaluate(async () => {
        const { facts = "" } = (await shelfwise.scene()) ?? {};
        return [...facts.matchAll(/^custom\.tastes\t(.*)$/gm)].at(-1)?.[1];
      });
    expect(await tastes()).toBeUndefined();
    await page.evaluate(() => shelfwise.consent({ remember: true }));
    expect(await tastes()).toBe("oak");
    await page.evaluate(() => shelfwise.consent({ remember: false }));
    expect(await tastes()).toBe("");
    await page.evaluate(() => shelfwise.consent({ remember: true }));
    await page.evaluate(() => shelfwise.answer({ tastes: ["rustic", "brass"] }));
    expect(await remembered(page)).toMatchObject({ answers: { tastes: "rustic,brass" } });
  });
});

describe("the queue", () => {
  it("takes calls made before the script came, and after", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(() => {
      (window as unknown as { shelfwise: unknown[] }).shelfwise = [
        ["track", "add_to_wishlist", { items: [{ item_id: "20725" }] }],
        "nonsense",
        ["constructor", 1],
      ];
    });
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await page.evaluate(() => shelfwise.push(["track", "add_to_cart", { items: [{ item_id: "22423" }] }]));
    const { wishlist, cart } = await remembered(page);
    expect([wishlist.map(({ item }) => item), cart.map(({ item }) => item)]).toEqual([["20725"], ["22423"]]);
  });
});
