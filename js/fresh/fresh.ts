import type { Fresh, FreshSource, Wanted } from "../api.js";
import type { Card } from "../module.js";
import { currencyDigits, minor } from "../page/events.js";
import { inView } from "../page/slots.js";
import { sourceOf } from "./sources.js";

/** How long an answer is taken for fresh, milliseconds. */
const KEPT_MS = 60_000;

/** A number in a text, with marks between its digits. */
const NUMBER = /\d[\d.,'’\u00a0\u202f]*/g;

/**
 * A text with one price in place of another, both in hundredths, written like the number that was there: `£1,250.00`,
 * `12,50 €`. Other numbers stay.
 */
export function rewritten(text: string, from: number, to: number): string {
  return text.replace(NUMBER, (number) => {
    const shown = number.replace(/\D+$/, "");
    if (minor(shown) !== from) return number;
    const [end = "", point = ".", fraction = ""] = /([.,])(\d{1,2})$/.exec(shown) ?? [];
    const group = /\D(?=\d{3}$)/.exec(shown.slice(0, shown.length - end.length))?.[0] ?? "";
    const [whole = "", cents = ""] = (to / 100).toFixed(2).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
    return `${grouped}${fraction || cents !== "00" ? point + cents : ""}${number.slice(shown.length)}`;
  });
}

/** Asks the shop for price and stock of what is about to be shown. */
export class Freshness {
  #known = new Map<string, { at: number; fresh: Fresh }>();
  #source: FreshSource;

  /** `within` are milliseconds: an answer that takes longer is waited for by nobody. */
  constructor(
    source: FreshSource | string,
    readonly within: number,
    readonly currency: string,
  ) {
    this.#source = typeof source === "string" ? sourceOf(source) : source;
  }

  /** What is known in time, by product. Never fails. */
  async look(wanted: readonly Wanted[]): Promise<Map<string, Fresh>> {
    const now = Date.now();
    const unknown = wanted.filter(({ id }) => now - (this.#known.get(id)?.at ?? 0) > KEPT_MS);
    if (unknown.length) {
      const abort = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<readonly Fresh[]>((done) => {
        timer = setTimeout(() => {
          abort.abort();
          done([]);
        }, this.within);
      });
      // A function of the shop's may throw, or answer with no list.
      const ask = async () => [...(await this.#source(unknown, abort.signal))];
      const asked = ask().catch(() => []);
      for (const fresh of await Promise.race([asked, late]))
        if (fresh?.id) this.#known.set(String(fresh.id), { at: now, fresh });
      clearTimeout(timer);
    }
    return new Map(
      wanted.flatMap(({ id }) => {
        const known = this.#known.get(id);
        return known ? [[id, known.fresh] as const] : [];
      }),
    );
  }

  /**
   * Brings the products among nodes up to date: one that is sold out is taken away, unless it is on the page and in
   * view; prices are rewritten where the product says its own in `data-shelf-price`.
   */
  async nodes(root: ParentNode): Promise<void> {
    const cards = [...root.querySelectorAll<HTMLElement>("[data-shelf-item]")];
    const wanted = cards.map(({ dataset }) => ({ id: dataset.shelfItem ?? "", url: dataset.shelfUrl ?? "" }));
    const found = await this.look(wanted);
    for (const card of cards) {
      const fresh = found.get(card.dataset.shelfItem ?? "");
      if (fresh?.in_stock === false && !(card.isConnected && inView(card))) card.remove();
      else if (fresh) reprice(card, fresh);
    }
  }

  /** Cards for the shop's own rendering, brought up to date. */
  async cards(cards: readonly Card[]): Promise<Card[]> {
    const found = await this.look(cards);
    const digits = currencyDigits(this.currency || undefined);
    return cards
      .filter(({ id }) => found.get(id)?.in_stock !== false)
      .map((card) => ({
        ...card,
        price_minor: minor(found.get(card.id)?.price, digits) || card.price_minor,
      }));
  }
}

function reprice(card: HTMLElement, fresh: Fresh): void {
  const [from, to] = [minor(card.dataset.shelfPrice), minor(fresh.price)];
  if (!from || !to || from === to) return;
  card.dataset.shelfPrice = (to / 100).toFixed(2);
  const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest("s,del")) node.nodeValue = rewritten(node.nodeValue ?? "", from, to);
}
