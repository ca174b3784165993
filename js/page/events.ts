import type { EventParameters, Item } from "../api.js";
import { lines, plain } from "./facts.js";

/** GA4's names and `engine::memory::EventKind`'s codes. */
export const EVENTS: Readonly<Record<string, number>> = {
  view_item: 2,
  select_item: 3,
  add_to_cart: 4,
  remove_from_cart: 5,
  add_to_wishlist: 6,
  remove_from_wishlist: 7,
  view_cart: 8,
  begin_checkout: 9,
  purchase: 10,
  refund: 11,
  search: 12,
  view_item_list: 13,
  share: 16,
  select_promotion: 17,
  view_promotion: 18,
  signal: 20,
};

/** A price as a number or a text of any locale (`£1,234.50`, `1.234,50 €`) in minor units; 0 when there is none. */
export function minor(price: unknown, digits = 2): number {
  let text = String(price ?? "").replace(/[^\d.,-]/g, "");
  const point = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const after = text.length - point - 1;
  // A single mark with three digits behind it groups thousands, unless it stands after a lone zero.
  const grouped =
    after === 3 && text.search(/[.,]/) === point && !/^-?0[.,]/.test(text) && typeof price === "string";
  if (point >= 0 && !grouped && after < text.length)
    text = `${text.slice(0, point).replace(/[.,]/g, "")}.${text.slice(point + 1)}`;
  else text = text.replace(/[.,]/g, "");
  const value = Math.round(Number(text) * 10 ** digits);
  return Number.isFinite(value) ? value : 0;
}

/** Digits after the point of a currency's amounts. */
export function currencyDigits(currency: string | undefined): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currency ?? "" });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Price before reduction: said as such, or GA4's discount on top of the price. */
const before = ({ compare_at, discount, price }: Item): unknown =>
  compare_at ?? (discount && Number(price) + Number(discount));

/** Lines of products as the module's `track` takes them. Products without an id are left out. */
export function itemLines(items: readonly Item[] | undefined, digits: number): string {
  return (Array.isArray(items) ? items : [])
    .filter((item) => item?.item_id !== undefined && item.item_id !== "")
    .map((item) =>
      [
        plain(item.item_id),
        plain(item.item_name),
        plain(item.item_brand),
        plain(item.item_category),
        Math.max(0, minor(item.price, digits)),
        Math.max(0, Math.trunc(Number(item.quantity ?? 1)) || 0),
        minor(before(item), digits) || "",
        plain(item.item_tags),
      ]
        .join("\t")
        .trimEnd(),
    )
    .join("\n");
}

/** What an event says beside its products: the search term, the order's number, the list's name. */
export const eventText = (name: string, parameters: EventParameters): string =>
  plain(
    name === "search"
      ? parameters.search_term?.toLowerCase()
      : name === "purchase" || name === "refund"
        ? parameters.transaction_id
        : (parameters.item_list_name ?? parameters.promotion_name ?? parameters.method),
  );

/** What a page is, rather than what is done on it. */
const ONCE = /^(view_item|view_cart|begin_checkout)$/;

/**
 * Drops what a second source says again: the same event about the same products from another adapter on this
 * page within three seconds (a shop that has both tags and a data layer), or what the page is.
 */
export class Duplicates {
  #seen = new Map<string, { source: string; at: number }>();

  /** Whether it is to be dropped. */
  known(source: string, name: string, parameters: EventParameters, now: number): boolean {
    const { items } = parameters;
    // A page is one cart and one checkout, whether or not a source lists what is in it.
    const listed = Array.isArray(items) && !/^(view_cart|begin_checkout)$/.test(name);
    const ids = listed ? items.map((item) => item?.item_id).join() : "";
    const key = lines({ name, ids, text: eventText(name, parameters) });
    const before = this.#seen.get(key);
    if (before && before.source !== source && (ONCE.test(name) || now - before.at < 3000)) return true;
    this.#seen.set(key, { source, at: now });
    return false;
  }

  /** A new page. */
  clear(): void {
    this.#seen.clear();
  }
}
