import type { ErrorCode } from "./errors.js";
import type { Card, Decision } from "./module.js";

/** How to start. The script tag takes the same names as `data-…` attributes or in its query string. */
export interface Options {
  /** Shop id, as in `shop.yaml`. */
  shop: string;
  /** Folder of the pack, with or without a slash at its end. */
  pack: string;
  /** Public key of the shop's packs, base64; several, separated by spaces, while keys are rotated. */
  key: string;
  /** What may be remembered before `consent` is called. Default `ask`: nothing. */
  consent?: Consent;
  /** Other hosts that blocks may link to or show pictures from. */
  links?: readonly string[];
  /** ISO 4217 code of prices that come without one; default: two digits after the point. */
  currency?: string;
  /** Also tell `window.dataLayer` which experiment was seen. Default no: that leaves the device. */
  announce?: boolean;
  /**
   * Where fresh prices and stock come from before products are shown: `shopify`, `woocommerce`, `json-ld` (the product's own
   * page), an address with `{id}`, `{url}` or `{ids}` in it that answers with JSON, or a function. Default: nowhere. The
   * shop's server learns which products are about to be shown.
   */
  fresh?: string | FreshSource;
  /** How long that may take, milliseconds, before products are shown as they are; default 300. */
  freshWithin?: number;
  /**
   * Whether to work in browsers that a program drives (`navigator.webdriver`), such as a shop's own tests. Default
   * yes: what they do stays with them. Crawlers always get the shop's own page, and nothing is tracked or stored.
   */
  automation?: boolean;
  /**
   * What counts as a signal, beside elements with `data-shelf-signal`: CSS selectors by name, as an object or as
   * `size-chart=.size-guide; reviews@seen=#reviews`. `@seen` counts when it is seen, not when it is pointed at or clicked.
   */
  signals?: string | Readonly<Record<string, string>>;
  /**
   * Where values of the shop's own traits are found, by name, as an object or as `tier=cookie:tier; points=layer:user.points`:
   * `layer:` (a key of the data layer), `cookie:`, `js:` (a global variable), `query:` (of the address), `text:` (of the first
   * element that a CSS selector finds). Read only after a yes to remembering, and never on a checkout.
   */
  sources?: string | Readonly<Record<string, string>>;
  /** Where to look for events: `attributes`, `datalayer`, `json-ld`. Default all. */
  adapters?: readonly Adapter[];
}

export type Consent = "granted" | "denied" | "ask";
export type Adapter = "attributes" | "datalayer" | "json-ld";

/** A product in an event, with GA4's keys. */
export interface Item {
  item_id: string;
  item_name?: string;
  item_brand?: string;
  item_category?: string;
  price?: number | string;
  quantity?: number | string;
  /** What comes off the price of one piece, as in GA4: `price` is what is left. */
  discount?: number | string;
  /** Price before reduction, where `discount` does not say it. */
  compare_at?: number | string;
  /** Tags, with commas between them. */
  item_tags?: string;
}

/** A product about to be shown. */
export interface Wanted {
  id: string;
  url: string;
}

/** What a shop says of a product now; what it does not say stays. */
export interface Fresh {
  id: string;
  /** Price, as a number or text. */
  price?: number | string;
  /** `false` takes the product out. */
  in_stock?: boolean;
}

/** Asks for products; `signal` is aborted when nobody waits any longer. */
export type FreshSource = (wanted: readonly Wanted[], signal: AbortSignal) => Promise<readonly Fresh[]>;

/** Parameters of an event, with GA4's keys. */
export interface EventParameters {
  items?: readonly Item[];
  value?: number | string;
  currency?: string;
  transaction_id?: string;
  search_term?: string;
  [key: string]: unknown;
}

/** What the shopper allows. */
export interface ConsentChoice {
  /** Memory may be kept on the device. */
  remember: boolean;
  /** What is remembered may change what is shown; default as `remember`. */
  personalise?: boolean;
}

/** What to recommend. */
export interface RecommendOptions {
  /**
   * Strategies by name (docs/strategies.md), best first; the next one fills what the one before could not. Names that do not exist
   * are passed over. `similar` and `upsell` need a campaign of the pack that names one of them: else likenesses are in the pack
   * only for products that hardly anything was learnt of. `manual` is for campaigns: a page cannot say which list.
   */
  strategy: string | readonly string[];
  /** Most products; default 8. */
  limit?: number;
  /** The product it is about. */
  item?: string;
}

/** A value of one of the shop's own traits. */
export type Own = string | number | boolean | readonly string[];

/** What listeners hear. */
export interface Heard {
  decision: Decision & { shown: boolean };
  exposure: { campaign: string; variation: string; slot?: string; experiment?: Decision["experiment"] };
  event: { name: string; parameters: EventParameters };
  error: { code: ErrorCode; message: string };
}

/** A running Shelfwise. Nothing here throws; before the module is there, calls wait or answer empty. */
export interface Shelfwise {
  /** True when the module runs, false when the page stays the shop's own. */
  readonly ready: Promise<boolean>;
  /** Tells what the shopper did, under a GA4 name. */
  track(name: string, parameters?: EventParameters): void;
  /** Decides slots of this page, all of them by default, without touching them. */
  decide(slots?: readonly string[]): Promise<Decision[]>;
  /** Products for this shopper. */
  recommend(options: RecommendOptions): Promise<Card[]>;
  /** Why a slot shows what it shows; loads the inspector's module. */
  explain(slot?: string): Promise<unknown>;
  /** Listens; returns the way to stop. */
  on<K extends keyof Heard>(name: K, listener: (heard: Heard[K]) => void): () => void;
  /** Says what the shopper allows. A no erases, in every tab. */
  consent(choice: ConsentChoice): void;
  /** Says what the shop knows of a shopper who told it: `first_name`. */
  profile(fields: Record<string, string>): void;
  /** Says values of the shop's own traits (`custom.*`), as declared in its `shop.yaml`, until the page goes. */
  custom(values: Record<string, Own>): void;
  /**
   * Says what the shopper answered to a question of the shop's (size, taste, a quiz): `custom.*` traits that are remembered
   * where that is allowed, exported and forgotten with the rest. An empty answer takes one back.
   */
  answer(values: Record<string, Own>): void;
  /** A page of an application that changes pages without loading them; called by itself on navigation. */
  page(): void;
  /** Everything remembered on this device. */
  export(): Promise<unknown>;
  /** Erases everything remembered on this device, in every tab. */
  forget(): void;
}
