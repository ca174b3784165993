import { itemOf, pageItem, readPage, watchActions } from "./adapters/attributes.js";
import { watchDataLayer } from "./adapters/datalayer.js";
import type { jsonLdItem } from "./adapters/json-ld.js";
import type { EventParameters, Item, Options, Own } from "./api.js";
import type { Guard } from "./guard.js";
import type { Listeners } from "./heard.js";
import { currencyDigits, Duplicates, EVENTS, eventText, itemLines, minor } from "./page/events.js";
import { FACT, facts, lines, pageType, said } from "./page/facts.js";
import type { watchMarks } from "./page/marks.js";
import type { readSources } from "./page/sources.js";

/** What is loaded on pages with marks or sources. */
export interface Marks {
  watchMarks: typeof watchMarks;
  readSources: typeof readSources;
}

const MARKS = "[data-shelf-signal],[data-shelf-answer]";
const JSON_LD = 'script[type="application/ld+json" i]';

/** Codes up to this one are of events about products. */
const PRODUCT_EVENTS_MAX = 7;

/** Turns what happens on the page into events of the module. */
export class Tracking {
  /** Facts of this page as given to the module. */
  facts = "";
  /** The product of this page, or empty. */
  item = "";
  #duplicates = new Duplicates();
  #jsonLd: typeof jsonLdItem | undefined;
  #marks: Marks | undefined;
  #seen: (() => void) | undefined;
  /** Values of the shop's own traits. */
  #own: Record<string, Own> = {};

  constructor(
    readonly guard: Guard,
    readonly listeners: Listeners,
    readonly options: Required<Options>,
    readonly jsonLd: () => Promise<{ jsonLdItem: typeof jsonLdItem }>,
    readonly marks: () => Promise<Marks>,
    readonly changed: () => void,
    /** Whether the page's sources may be read. */
    readonly allowed: () => boolean,
  ) {}

  /** Loads what reads this page, where that takes more than is here. Never fails: then it is read without. */
  async prepare(): Promise<void> {
    if (this.options.adapters.includes("json-ld") && document.querySelector(JSON_LD))
      this.#jsonLd ??= await this.jsonLd().then(
        (loaded) => loaded.jsonLdItem,
        () => undefined,
      );
    const { signals, sources } = this.options;
    if (signals || sources || document.querySelector(MARKS))
      this.#marks ??= await this.marks().catch(() => undefined);
  }

  /** Reads the page's sources of the shop's own traits, once that is allowed. */
  readSources(): void {
    const { sources } = this.options;
    if (sources && this.#marks && pageType() !== "checkout" && this.allowed())
      this.own(this.#marks.readSources(sources));
  }

  /** Says values of the shop's own traits. */
  own(values: Record<string, Own>): void {
    Object.assign(this.#own, values);
    this.guard.call((module) => module.note(said("custom.", values)), undefined);
    this.changed();
  }

  /** Says what the shopper answered. */
  answer(values: Record<string, Own>): void {
    this.guard.call((module) => module.profile(said("answer.", values)), undefined);
    this.changed();
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
    this.facts = lines({
      ...here,
      type: here.type || (item ? "product" : "other"),
      item: this.item,
      category: here.category || item?.item_category || "",
      [FACT.brand]: here[FACT.brand] || item?.item_brand || "",
      [FACT.tags]: here[FACT.tags] || item?.item_tags || "",
    });
    this.facts += said("custom.", this.#own);
    this.guard.call((module) => module.page(this.facts), undefined);
    if (adapters.includes("attributes"))
      readPage(pageType(), (name, parameters) => this.event("attributes", name, parameters));
    this.#marked();
    if (!element && described) this.event("json-ld", "view_item", { items: [described] });
  }

  /** Reads the page's sources and looks for its marks, where it has any. */
  #marked(): void {
    this.readSources();
    this.#seen ??= this.#marks?.watchMarks(this.options.signals, {
      signal: (parameters) => this.guard.run(() => this.event("marks", "signal", parameters)),
      answer: (values) => this.guard.run(() => this.answer(values)),
    });
    this.#seen?.();
  }

  /** An event from a source; unknown names and repetitions are left out, and so is all of a checkout. */
  event(source: string, name: string, parameters: EventParameters): void {
    const kind = EVENTS[name.toLowerCase()];
    if (!kind || (pageType() === "checkout" && name !== "begin_checkout" && source !== "call")) return;
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
