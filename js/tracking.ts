import { itemOf, pageItem, readPage, watchActions } from "./adapters/attributes.js";
import { watchDataLayer } from "./adapters/datalayer.js";
import type { jsonLdItem } from "./adapters/json-ld.js";
import type { EventParameters, Item, Options, Shelfwise } from "./api.js";
import type { Guard } from "./guard.js";
import type { Listeners } from "./heard.js";
import { currencyDigits, Duplicates, EVENTS, eventText, itemLines, minor } from "./page/events.js";
import { BRAND, facts, lines, pageType, TAGS } from "./page/facts.js";
import type { Marks } from "./page/marks.js";

const MARKS = "[data-shelf-signal],[data-shelf-answer]";
const JSON_LD = 'script[type="application/ld+json" i]';

/** Codes up to this one are of events about products. */
const PRODUCT_EVENTS_MAX = 7;

/** What is loaded to read a page that needs it. */
export interface Readers {
  /** Loads the reader of schema.org's products. */
  jsonLd(): Promise<{ jsonLdItem: typeof jsonLdItem }>;
  /** Loads what listens to the shop's marks and reads its sources. */
  marks(): Promise<{ Marks: typeof Marks }>;
}

/** Turns what happens on the page into events of the module. */
export class Tracking {
  /** Facts of this page as given to the module. */
  facts = "";
  /** The product of this page, or empty. */
  item = "";
  #duplicates = new Duplicates();
  #jsonLd: typeof jsonLdItem | undefined;
  /** Signals, answers and sources, where the page has any. */
  marks: Marks | undefined;
  #loading: Promise<void> | undefined;

  constructor(
    readonly guard: Guard,
    readonly listeners: Listeners,
    readonly options: Required<Options>,
    readonly assets: Readers,
    readonly api: Pick<Shelfwise, "custom" | "answer">,
    readonly changed: () => void,
    /** Whether the page's sources may be read. */
    readonly allowed: () => boolean,
  ) {}

  /** Loads what reads this page, where that takes more than is here. Never fails: then it is read without. */
  async prepare(): Promise<void> {
    const { adapters, signals, sources } = this.options;
    const { jsonLd, marks } = this.assets;
    if (adapters.includes("json-ld") && document.querySelector(JSON_LD))
      this.#jsonLd ??= (await jsonLd().catch(this.guard.lost))?.jsonLdItem;
    // Once, however soon the next page comes: whoever listens twice counts twice.
    if (signals || sources || document.querySelector(MARKS))
      this.#loading ??= marks()
        .then(({ Marks }) => {
          this.marks = new Marks(this, this.api);
        })
        .catch(this.guard.lost);
    await this.#loading;
  }

  /** Starts to listen; once a page load. */
  watch(): void {
    const { adapters } = this.options;
    const run = (work: () => void) => this.guard.run(work);
    if (adapters.includes("attributes"))
      watchActions((name, parameters) => run(() => this.event("attributes", name, parameters)));
    if (adapters.includes("datalayer"))
      watchDataLayer((name, parameters) => this.event("datalayer", name, parameters), run);
  }

  /** A page is shown: its facts first, then what it says itself. */
  page(): void {
    this.#duplicates.clear();
    const { adapters } = this.options;
    const here = facts();
    const checkout = here.type === "checkout";
    const element = adapters.includes("attributes") && here.type === "product" ? pageItem() : undefined;
    const open = !checkout && ["", "product"].includes(String(here.type));
    const described = open ? this.#jsonLd?.() : undefined;
    const item: Item | undefined = element ? itemOf(element) : described;
    this.item = item?.item_id ?? "";
    const said = lines({
      ...here,
      type: here.type || (item ? "product" : "other"),
      item: this.item,
      category: here.category || item?.item_category,
      [BRAND]: here[BRAND] || item?.item_brand,
      [TAGS]: here[TAGS] || item?.item_tags,
    });
    this.facts = said;
    this.guard.call((module) => module.page(said), undefined);
    if (adapters.includes("attributes"))
      readPage(pageType(), (name, parameters) => this.event("attributes", name, parameters));
    this.marks?.page();
    if (!element && described) this.event("json-ld", "view_item", { items: [described] });
  }

  /** An event from a source; unknown names and repetitions are left out, and so is all of a checkout. */
  event(source: string, name: string, parameters: EventParameters): void {
    const kind = EVENTS[name.toLowerCase()];
    // A name such as `constructor` is nobody's event.
    if (
      typeof kind !== "number" ||
      (pageType() === "checkout" && name !== "begin_checkout" && source !== "call")
    )
      return;
    if (this.#duplicates.known(source, name, parameters, Date.now())) return;
    const digits = currencyDigits(parameters.currency ?? (this.options.currency || undefined));
    const value = minor(parameters.value, digits);
    const text = eventText(name, parameters);
    const items = itemLines(parameters.items, digits);
    // What is done to a product needs one, and an order one or its number.
    if (!items && (kind <= PRODUCT_EVENTS_MAX || (kind === EVENTS.purchase && !text))) return;
    this.guard.call((module) => module.track(kind, text, value, items), 0);
    // Signals are for this device alone.
    if (kind !== EVENTS.signal) this.listeners.tell("event", { name, parameters });
    this.changed();
  }
}
