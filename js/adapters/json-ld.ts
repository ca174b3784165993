import type { Item } from "../api.js";

type Json = Record<string, unknown>;

/** Deepest nesting that is looked into. */
const DEPTH_MAX = 6;

/** The first product that the page's JSON-LD scripts describe; broken scripts are passed over. */
export function jsonLdItem(root: ParentNode = document): Item | undefined {
  for (const script of root.querySelectorAll('script[type="application/ld+json" i]')) {
    try {
      const found = product(JSON.parse(script.textContent ?? ""), 0);
      if (found) return found;
    } catch {
      // Broken JSON is common; the next script may be whole.
    }
  }
  return undefined;
}

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** A product and what its offer says of stock. */
export type Described = Item & { in_stock?: boolean };

/** The first product in a value of a script. */
export function product(value: unknown, depth: number): Described | undefined {
  if (depth > DEPTH_MAX || !value || typeof value !== "object") return undefined;
  if (Array.isArray(value)) return first(value, depth);
  const node = value as Json;
  const types = list(node["@type"]).map((type) => text(type).replace(/^.*[/#:]/, ""));
  if (types.includes("Product")) {
    const item = read(node);
    if (item.item_id) return item;
  }
  const group = types.includes("ProductGroup") ? list(node.hasVariant) : [];
  return first([...list(node["@graph"]), ...list(node.mainEntity), ...group], depth);
}

function first(values: readonly unknown[], depth: number): Described | undefined {
  for (const value of values) {
    const found = product(value, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function read(node: Json): Described {
  const gtin = Object.keys(node).find((key) => /^gtin/i.test(key));
  const id = [node.sku, node.productID, node.mpn, gtin && node[gtin]].map(text).find(Boolean) ?? "";
  const brand = node.brand as Json | string | undefined;
  const category = list(node.category)[0];
  const price = list(node.offers).map(offer).find(Boolean);
  const available = list(node.offers)
    .map((each) => text((each as Json | null)?.availability))
    .join();
  const before = list(node.offers)
    .flatMap((each) => list((each as Json | null)?.priceSpecification) as Json[])
    .find((each) => /ListPrice|StrikethroughPrice|SRP/.test(text(each?.priceType)));
  const tags = list(node.keywords).map(text).filter(Boolean).join();
  const name = text(node.name);
  const brandName = text(typeof brand === "object" ? brand?.name : brand);
  const categoryName = text(category && typeof category === "object" ? (category as Json).name : category);
  return {
    item_id: id,
    ...(name && { item_name: name }),
    ...(brandName && { item_brand: brandName }),
    ...(categoryName && { item_category: categoryName.split(/\s*[>/]\s*/).pop() ?? categoryName }),
    ...(price && { price }),
    ...(before && { compare_at: text(before.price) }),
    ...(tags && { item_tags: tags }),
    ...(available && {
      in_stock: /InStock|LimitedAvailability|PreOrder|BackOrder|OnlineOnly/i.test(available),
    }),
  };
}

function offer(value: unknown): string {
  const node = (value ?? {}) as Json;
  const specification = list(node.priceSpecification)[0] as Json | undefined;
  return text(node.price) || text(node.lowPrice) || text(specification?.price);
}
