import { product } from "../adapters/json-ld.js";
import type { Fresh, FreshSource, Wanted } from "../api.js";

type Json = Record<string, unknown>;

/** Most products asked for one by one. */
const SINGLE_MAX = 12;

/** What a shop's server says, from its own host or one that the page's `links` name. */
async function get(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response;
}

/** Asks for each product alone; what cannot be had of one hurts no other. */
const each =
  (ask: (wanted: Wanted, signal: AbortSignal) => Promise<Fresh>): FreshSource =>
  async (wanted, signal) => {
    const asked = wanted.slice(0, SINGLE_MAX).map((one) => ask(one, signal).catch(() => []));
    return (await Promise.all(asked)).flat();
  };

/** Shopify's `/products/<handle>.js`: prices in cents, of the variant that the card links to or the cheapest. */
const shopify = each(async ({ id, url }, signal) => {
  const { pathname, searchParams } = new URL(url, location.href);
  const [path] = /^.*\/products\/[^/]+/.exec(pathname) ?? [];
  if (!path) throw new Error(`${url} is no product of Shopify's`);
  const found = (await (await get(`${path}.js`, signal)).json()) as Json;
  const variants = (found.variants ?? []) as Json[];
  const variant = variants.find((each) => String(each.id) === searchParams.get("variant")) ?? found;
  return { id, price: Number(variant.price) / 100, in_stock: variant.available === true };
});

/** WooCommerce's Store API: all products in one request; ids that are no numbers are taken for SKUs. */
const woocommerce: FreshSource = async (wanted, signal) => {
  const ids = wanted.map(({ id }) => id);
  const numbers = ids.every((id) => /^\d+$/.test(id));
  const query = new URLSearchParams({ [numbers ? "include" : "sku"]: ids.join(), per_page: "100" });
  const found = (await (await get(`/wp-json/wc/store/v1/products?${query}`, signal)).json()) as Json[];
  return found.map((each) => {
    const { price, currency_minor_unit: digits = 2 } = (each.prices ?? {}) as Json;
    return {
      id: String(numbers ? each.id : each.sku),
      price: Number(price) / 10 ** Number(digits),
      in_stock: each.is_in_stock === true,
    };
  });
};

/** The JSON-LD of the product's own page, read as text: nothing of that page is parsed as HTML, so nothing runs. */
const jsonLd = each(async ({ id, url }, signal) => {
  const text = await (await get(url, signal)).text();
  for (const [, script] of text.matchAll(/<script[^>]+application\/ld\+json[^>]*>([\s\S]*?)<\/script/gi)) {
    try {
      const found = product(JSON.parse(script ?? ""), 0);
      if (found)
        return {
          id,
          ...(found.price !== undefined && { price: found.price }),
          ...(found.in_stock !== undefined && { in_stock: found.in_stock }),
        };
    } catch {
      // Broken JSON is common; the next script may be whole.
    }
  }
  throw new Error(`${url} describes no product`);
});

/**
 * A shop's own address: `{ids}` asks for all products at once, `{id}` or `{url}` for each alone. The answer is JSON, one
 * product or a list: `{"id","price","in_stock"}`.
 */
function own(template: string): FreshSource {
  const read = async (values: Record<string, string>, signal: AbortSignal): Promise<Fresh[]> => {
    const url = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ""));
    return [(await (await get(url, signal)).json()) as Fresh | Fresh[]].flat();
  };
  if (template.includes("{ids}"))
    return (wanted, signal) => read({ ids: wanted.map(({ id }) => id).join() }, signal);
  return each(async ({ id, url }, signal) => ({ ...(await read({ id, url }, signal))[0], id }));
}

/** The source of a name, or of an address with places for products. */
export const sourceOf = (name: string): FreshSource =>
  ({ shopify, woocommerce, "json-ld": jsonLd })[name] ?? own(name);
