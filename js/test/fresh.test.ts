import { afterEach, describe, expect, it, vi } from "vitest";
import { Freshness, rewritten } from "../fresh/fresh.js";
import { sourceOf } from "../fresh/sources.js";
import type { Card } from "../module.js";

afterEach(() => vi.unstubAllGlobals());

/** Answers by address; others are not there. Notes what was asked. */
function server(answers: Record<string, unknown>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const answer = answers[url];
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    return new Response(body, { status: answer === undefined ? 404 : 200 });
  });
  return asked;
}

const ask = (name: string, ...wanted: [id: string, url: string][]) =>
  sourceOf(name)(
    wanted.map(([id, url]) => ({ id, url })),
    new AbortController().signal,
  );

describe("a price in a text", () => {
  it("is written like the one that was there", () => {
    expect(rewritten("Now £2.55 each", 255, 195)).toBe("Now £1.95 each");
    expect(rewritten("12,50 €", 1250, 999)).toBe("9,99 €");
    expect(rewritten("$1,250.00", 125000, 99900)).toBe("$999.00");
    expect(rewritten("$999.00", 99900, 125000)).toBe("$1250.00");
    expect(rewritten("1.250,00 kr.", 125000, 234550)).toBe("2.345,50 kr.");
    expect(rewritten("¥250", 25000, 30000)).toBe("¥300");
    expect(rewritten("£3", 300, 350)).toBe("£3.50");
    expect(rewritten("Set of 3, £2.55.", 255, 300)).toBe("Set of 3, £3.00.");
  });
});

describe("a source", () => {
  it("is Shopify's product, or the variant that a card links to", async () => {
    const answer = { price: 1250, available: true, variants: [{ id: 7, price: 999, available: false }] };
    server({ "/en/products/mug.js": answer });
    expect(await ask("shopify", ["1", "/en/products/mug?variant=7"], ["2", "/en/products/mug"])).toEqual([
      { id: "1", price: 9.99, in_stock: false },
      { id: "2", price: 12.5, in_stock: true },
    ]);
    expect(await ask("shopify", ["3", "/collections/all"], ["4", "/products/none"])).toEqual([]);
  });

  it("is WooCommerce's Store API, in one request", async () => {
    const prices = { price: "1250", currency_minor_unit: 2 };
    const asked = server({
      "/wp-json/wc/store/v1/products?include=14%2C15&per_page=100": [
        { id: 14, sku: "A", prices, is_in_stock: true },
        { id: 15, sku: "B", prices: { price: "300", currency_minor_unit: 0 }, is_in_stock: false },
      ],
      "/wp-json/wc/store/v1/products?sku=A&per_page=100": [{ id: 14, sku: "A", prices, is_in_stock: true }],
    });
    expect(await ask("woocommerce", ["14", "/a"], ["15", "/b"])).toEqual([
      { id: "14", price: 12.5, in_stock: true },
      { id: "15", price: 300, in_stock: false },
    ]);
    expect(await ask("woocommerce", ["A", "/a"])).toEqual([{ id: "A", price: 12.5, in_stock: true }]);
    expect(asked).toHaveLength(2);
  });

  it("is the JSON-LD of the product's page", async () => {
    const page = (offers: object) =>
      `<script type="application/ld+json">{oh</script><script type="application/ld+json">${JSON.stringify({
        "@graph": [{ "@type": "Product", sku: "x", offers }],
      })}</script>`;
    server({
      "/p/1": page({ price: "9.95", availability: "https://schema.org/InStock" }),
      "/p/2": page({ lowPrice: 3, availability: "http://schema.org/OutOfStock" }),
      "/p/3": "<p>nothing",
    });
    expect(await ask("json-ld", ["1", "/p/1"], ["2", "/p/2"], ["3", "/p/3"])).toEqual([
      { id: "1", price: "9.95", in_stock: true },
      { id: "2", price: "3", in_stock: false },
    ]);
  });

  it("is the shop's own address, for each or for all", async () => {
    server({
      "/stock?of=a%26b,": { id: "other", price: 1, in_stock: true },
      "/stock/1%2C2": [
        { id: 1, price: 2 },
        { id: 2, in_stock: false },
      ],
    });
    expect(await ask("/stock?of={id},", ["a&b", "/p"])).toEqual([{ id: "a&b", price: 1, in_stock: true }]);
    expect(await ask("/stock/{ids}", ["1", "/"], ["2", "/"])).toHaveLength(2);
  });
});

describe("products about to be shown", () => {
  const card = (id: string, price_minor: number): Card => ({
    id,
    title: id,
    url: `/p/${id}`,
    image: "",
    brand: "",
    category: "",
    price_minor,
    compare_at_minor: 0,
    strategy: "best-sellers",
  });

  it("are brought up to date, asked for once, and not waited for too long", async () => {
    let asked = 0;
    const source = async () => {
      asked += 1;
      return [
        { id: "a", price: 2 },
        { id: "b", in_stock: false },
      ];
    };
    const fresh = new Freshness(source, 50, "GBP");
    const cards = [card("a", 255), card("b", 100), card("c", 300)];
    for (const _ of [1, 2])
      expect((await fresh.cards(cards)).map(({ id, price_minor }) => [id, price_minor])).toEqual([
        ["a", 200],
        ["c", 300],
      ]);
    expect(asked).toBe(2);
    const never = new Freshness(() => new Promise(() => undefined), 20, "");
    expect(await never.cards(cards)).toEqual(cards);
    const thrown = () => {
      throw new Error("no");
    };
    for (const source of [() => Promise.reject(new Error("no")), thrown, async () => undefined as never])
      expect(await new Freshness(source, 20, "").cards(cards)).toEqual(cards);
  });
});
