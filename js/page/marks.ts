import { itemOf } from "../adapters/attributes.js";
import type { EventParameters, Item, Options, Own, Shelfwise } from "../api.js";
import { Exposure } from "./exposure.js";
import { pageType } from "./facts.js";
import { named } from "./named.js";
import { readSources } from "./sources.js";

/** A pointer that rests this long on a mark is a signal, milliseconds. */
const REST_MS = 400;
/** Signals of one name within this time are one, milliseconds: a click comes with a hover, and a choice with clicks. */
const ONE_MS = 1000;
/** Most signals of one name on a page. */
const SIGNALS_MAX = 20;
/** Ends the names of selectors whose elements need only be seen. */
const SEEN = "@seen";
const SEEN_MARK = '[data-shelf-signal-on="seen"]';
const TURNED_MARK = `[data-shelf-signal]:not(${SEEN_MARK})`;

/** What marks and sources need of tracking. */
export interface Page {
  readonly options: Pick<Required<Options>, "signals" | "sources">;
  readonly guard: { run(work: () => void): void };
  /** Whether sources may be read. */
  allowed(): boolean;
  event(source: string, name: string, parameters: EventParameters): void;
}

/** The marks and sources of a page. */
export class Marks {
  #look: () => void;
  /** What the sources said last. */
  #said: Record<string, Own> = {};

  constructor(
    readonly of: Page,
    readonly api: Pick<Shelfwise, "custom" | "answer">,
  ) {
    const signals: [name: string, selector: string][] = [];
    for (const mark of Object.entries(named(of.options.signals)))
      of.guard.run(() => {
        // Throws where the browser cannot read the selector, which would throw into every click.
        document.querySelector(mark[1]);
        signals.push(mark);
      });
    this.#look = watchMarks(signals, {
      signal: (parameters) => of.guard.run(() => of.event("marks", "signal", parameters)),
      answer: (values) => of.guard.run(() => api.answer(values)),
    });
  }

  /** A page is shown. */
  page(): void {
    this.readSources();
    this.#look();
  }

  /** Reads the page's sources of the shop's own traits where that is allowed; where it is no more, takes back what they said. */
  readSources(): void {
    const { sources } = this.of.options;
    if (!sources || pageType() === "checkout") return;
    this.#said = this.of.allowed()
      ? readSources(sources)
      : Object.fromEntries(Object.keys(this.#said).map((name) => [name, ""]));
    this.api.custom(this.#said);
  }
}

/** What the page side does with marks. */
export interface Marked {
  signal(parameters: EventParameters): void;
  answer(values: Record<string, string>): void;
}

/**
 * Listens to what the shop marked: `data-shelf-signal="size-chart"` (with `data-shelf-signal-on="seen"` for parts that need
 * only be seen), the selectors of the `signals` option by name, and buttons with `data-shelf-answer="size"` and
 * `data-shelf-value="M"`. Which key, text or choice it was is never looked at. Returns what looks for parts to be seen
 * on a page that is new.
 */
export function watchMarks(
  signals: readonly (readonly [name: string, selector: string])[],
  marked: Marked,
): () => void {
  const turned = signals.filter(([name]) => !name.endsWith(SEEN));
  const parts = signals.filter(([name]) => name.endsWith(SEEN));
  const last = new Map<string, { at: number; count: number }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** The mark that an element lies in, and its name. */
  const markOf = (target: EventTarget | null): [Element, string] | undefined => {
    if (!(target instanceof Element)) return undefined;
    const own = target.closest<HTMLElement>(TURNED_MARK);
    if (own) return [own, own.dataset.shelfSignal ?? ""];
    for (const [name, selector] of turned) {
      const element = target.closest(selector);
      if (element) return [element, name];
    }
    return undefined;
  };

  const signal = (element: Element, name: string) => {
    const before = last.get(name) ?? { at: Number.NEGATIVE_INFINITY, count: 0 };
    const now = performance.now();
    if (!name || pageType() === "checkout" || now - before.at < ONE_MS || before.count >= SIGNALS_MAX) return;
    last.set(name, { at: now, count: before.count + 1 });
    const product =
      element.closest<HTMLElement>("[data-shelf-item]") ??
      (pageType() === "product" ? document.querySelector<HTMLElement>("[data-shelf-item]") : null);
    const items: Item[] = product ? [itemOf(product)] : [];
    marked.signal({ method: name, ...(items.length && { items }) });
  };

  const turn = (event: Event) => {
    const [element, name] = markOf(event.target) ?? [];
    if (element && name) signal(element, name);
  };
  for (const name of ["click", "change", "focusin"]) document.addEventListener(name, turn, true);
  let under: Element | undefined;
  document.addEventListener(
    "pointerover",
    (event) => {
      const [element] = markOf(event.target) ?? [];
      if (element === under) return;
      under = element;
      clearTimeout(timer);
      if (element) timer = setTimeout(() => turn(event), REST_MS);
    },
    { passive: true },
  );
  document.addEventListener(
    "click",
    ({ target }) => {
      const chosen = target instanceof Element && target.closest<HTMLElement>("[data-shelf-answer]");
      if (!chosen || pageType() === "checkout") return;
      const { shelfAnswer = "", shelfValue = "" } = chosen.dataset;
      if (shelfAnswer) marked.answer({ [shelfAnswer]: shelfValue });
    },
    true,
  );

  const exposure = new Exposure();
  return () => {
    last.clear();
    for (const [name, selector] of [["", SEEN_MARK], ...parts] as const)
      for (const element of document.querySelectorAll<HTMLElement>(selector))
        exposure.watch(element, () =>
          signal(element, name.replace(SEEN, "") || element.dataset.shelfSignal || ""),
        );
  };
}
