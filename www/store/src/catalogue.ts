/** The shop's products, read from the catalogue file and the order lines. */

import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** A product as the pages show it. */
export interface Product {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly image: string;
  readonly brand: string;
  readonly category: string;
  /** Pounds. */
  readonly price: number;
  /** Pounds before reduction; 0 = never reduced. */
  readonly compareAt: number;
  /** ISO date on which it joined the shop. */
  readonly created: string;
  readonly inStock: boolean;
  readonly tags: readonly string[];
}

/** A category and its products, best sellers first. */
export interface Category {
  readonly name: string;
  readonly slug: string;
  readonly url: string;
  readonly products: readonly Product[];
}

/** Everything the pages are made from. */
export interface Shop {
  readonly products: readonly Product[];
  readonly categories: readonly Category[];
  /** Products in stock by number of orders, most first. */
  readonly bestSellers: readonly Product[];
  readonly byId: ReadonlyMap<string, Product>;
}

/** Fields of one CSV line (RFC 4180, no line breaks inside fields). */
export function csvFields(line: string): string[] {
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = pattern.exec(line);
    if (!found) {
      throw new Error(`not a CSV line: ${line.slice(0, 80)}`);
    }
    fields.push(found[1] !== undefined ? found[1].replace(/""/g, '"') : (found[2] ?? ""));
    if (found[3] === "") {
      return fields;
    }
  }
}

/** "Kitchen & Dining" -> "kitchen-dining". */
export function slug(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** Products of a catalogue file. Throws with the line's number when a line cannot be read. */
export async function readProducts(file: string): Promise<Product[]> {
  const [head = "", ...lines] = (await readFile(file, "utf8")).replace(/\r/g, "").split("\n");
  const columns = csvFields(head.replace(/^\uFEFF/, ""));
  for (const needed of ["id", "title", "category", "price"]) {
    if (!columns.includes(needed)) {
      throw new Error(`${file} has no column "${needed}"; its first line is: ${head}`);
    }
  }
  return lines.flatMap((line, at) => {
    if (line === "") {
      return [];
    }
    const fields = csvFields(line);
    const field = (name: string) => fields[columns.indexOf(name)] ?? "";
    const price = Number(field("price"));
    if (!/^[\w.-]+$/.test(field("id")) || !(price > 0)) {
      throw new Error(`${file}, line ${at + 2}: needs an id of letters and digits, and a price above 0`);
    }
    return [
      {
        id: field("id"),
        title: field("title"),
        url: `/p/${field("id")}/`,
        image: `/img/${field("id")}.svg`,
        brand: field("brand"),
        category: field("category") || "Gifts & Curiosities",
        price,
        compareAt: Number(field("compare_at")) || 0,
        created: field("created"),
        inStock: field("in_stock") !== "false",
        tags: field("tags").split(";").filter(Boolean),
      },
    ];
  });
}

/** How many orders each product is in; empty without a file. Cost: one pass over the lines, about a second per million. */
export async function readPopularity(file: string | undefined): Promise<Map<string, number>> {
  const orders = new Map<string, number>();
  if (!file) {
    return orders;
  }
  const bytes = createReadStream(file);
  const lines = createInterface({ input: file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes });
  let item = -1;
  for await (const line of lines) {
    const fields = line.split(",");
    if (item < 0) {
      item = fields.indexOf("item_id");
      if (item < 0) {
        throw new Error(`${file} has no column "item_id"`);
      }
      continue;
    }
    const id = fields[item] ?? "";
    orders.set(id, (orders.get(id) ?? 0) + 1);
  }
  return orders;
}

/** Arranges products into categories, both by popularity. */
export function arrange(products: readonly Product[], orders: ReadonlyMap<string, number>): Shop {
  const rank = (a: Product, b: Product) =>
    (orders.get(b.id) ?? 0) - (orders.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1);
  const sorted = [...products].sort((a, b) => Number(b.inStock) - Number(a.inStock) || rank(a, b));
  const groups = new Map<string, Product[]>();
  for (const product of sorted) {
    const group = groups.get(product.category) ?? [];
    group.push(product);
    groups.set(product.category, group);
  }
  const categories = [...groups]
    .map(([name, list]) => ({ name, slug: slug(name), url: `/c/${slug(name)}/`, products: list }))
    .sort((a, b) => b.products.length - a.products.length);
  return {
    products: sorted,
    categories,
    bestSellers: sorted.filter((product) => product.inStock),
    byId: new Map(sorted.map((product) => [product.id, product])),
  };
}
