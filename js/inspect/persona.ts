/** Shoppers that one can act as: facts of the page that they change, and what they did before. */

import type { Card } from "../module.js";
import type { Facts } from "../page/facts.js";

const DAY_S = 86_400;

/** An event as the export of memory writes it. Times are Unix seconds. */
export interface PastEvent {
  readonly at: number;
  readonly event: string;
  readonly item?: string;
  readonly category?: string;
  readonly brand?: string;
  readonly text?: string;
  readonly price_minor?: number;
  readonly quantity?: number;
  readonly value_minor?: number;
  readonly engaged_ms?: number;
}

/** A shopper to act as. */
export interface Persona {
  readonly id: string;
  readonly label: string;
  /** Facts that differ from the real page's. */
  readonly facts: Facts;
  /** What the shopper did, oldest first; undefined = what the real one did. `products` are products of their taste. */
  readonly past: ((now_s: number, products: readonly Card[]) => PastEvent[]) | undefined;
}

function visit(at: number): PastEvent[] {
  return [{ at, event: "page_view", text: "/" }];
}

function look(at: number, card: Card): PastEvent {
  return {
    at,
    event: "view_item",
    item: card.id,
    category: card.category ?? "",
    brand: card.brand ?? "",
    price_minor: card.price_minor ?? 0,
    quantity: 1,
    engaged_ms: 45_000,
  };
}

function browsing(at: number, products: readonly Card[]): PastEvent[] {
  return [...visit(at), ...products.map((card, index) => look(at + 60 * (index + 1), card))];
}

function order(at: number, products: readonly Card[]): PastEvent[] {
  const value = products.reduce((sum, card) => sum + (card.price_minor ?? 0), 0);
  const id = `rehearsal-${at}`;
  return [
    ...browsing(at, products),
    ...products.map((card, index) => ({
      ...look(at + 600 + index, card),
      event: "add_to_cart",
      engaged_ms: 0,
    })),
    ...products.map((card) => ({
      ...look(at + 900, card),
      event: "purchase",
      text: id,
      value_minor: value,
      engaged_ms: 0,
    })),
  ];
}

function returning(now_s: number, products: readonly Card[]): PastEvent[] {
  const [first, ...others] = products;
  return [
    ...browsing(now_s - 6 * DAY_S, products.slice(0, 4)),
    ...browsing(now_s - DAY_S, others.slice(0, 2)),
    ...(first ? [{ ...look(now_s - DAY_S + 900, first), event: "add_to_wishlist", engaged_ms: 0 }] : []),
  ];
}

function loyal(now_s: number, products: readonly Card[]): PastEvent[] {
  return [120, 75, 40, 12].flatMap((days, index) =>
    order(now_s - days * DAY_S, products.slice(index * 2, index * 2 + 2)),
  );
}

/** The real shopper first. */
export const PERSONAS: readonly Persona[] = [
  { id: "you", label: "You", facts: {}, past: undefined },
  { id: "new", label: "New", facts: {}, past: () => [] },
  { id: "returning", label: "Returning", facts: {}, past: returning },
  { id: "loyal", label: "Loyal", facts: {}, past: loyal },
  {
    id: "cold",
    label: "In a cold country",
    facts: { timezone: "Europe/Helsinki", language: "fi-FI", utc_offset_min: 120, country: "" },
    past: undefined,
  },
  {
    id: "warm",
    label: "In the tropics",
    facts: { timezone: "Asia/Singapore", language: "en-SG", utc_offset_min: 480, country: "" },
    past: undefined,
  },
  {
    id: "phone",
    label: "On a phone",
    facts: { viewport_width: 390, touch: 1, os: "android" },
    past: undefined,
  },
];
