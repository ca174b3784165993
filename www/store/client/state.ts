/** The shop's own memory of basket, wishlist and choices, in local storage under `marigold:`. */

/** What the shop knows of a product when a button is pressed. */
export interface Thing {
  readonly id: string;
  readonly title: string;
  readonly price: number;
  readonly category: string;
  readonly brand: string;
}

/** A line of the basket. */
export interface Line extends Thing {
  quantity: number;
}

/** Shapes of what is kept. */
interface Kept {
  cart: Line[];
  wishlist: Thing[];
  consent: "yes" | "paused" | "no" | "";
  order: { id: string; value: number; lines: Line[]; name: string } | null;
}

const EMPTY: Kept = { cart: [], wishlist: [], consent: "", order: null };

/** Reads one value; a blocked or damaged storage reads as empty. */
export function read<K extends keyof Kept>(key: K): Kept[K] {
  try {
    const text = localStorage.getItem(`marigold:${key}`);
    return text === null ? structuredClone(EMPTY[key]) : (JSON.parse(text) as Kept[K]);
  } catch {
    return structuredClone(EMPTY[key]);
  }
}

/** Keeps one value; where storage is blocked it is lost with the page. */
export function keep<K extends keyof Kept>(key: K, value: Kept[K]): void {
  try {
    localStorage.setItem(`marigold:${key}`, JSON.stringify(value));
  } catch {
    announce("Your browser does not let this shop keep a basket.");
  }
  showCounts();
}

/** Shows how many things are in basket and wishlist. */
export function showCounts(): void {
  const counts = {
    cart: read("cart").reduce((sum, line) => sum + line.quantity, 0),
    wishlist: read("wishlist").length,
  };
  for (const [name, count] of Object.entries(counts)) {
    for (const badge of document.querySelectorAll<HTMLElement>(`[data-count="${name}"]`)) {
      badge.textContent = String(count);
      badge.hidden = count === 0;
    }
  }
}

/** Says something to screen readers and, for a moment, to everybody. */
export function announce(text: string): void {
  const live = document.getElementById("shop-live");
  if (live) {
    live.textContent = text;
    live.classList.add("shown");
    setTimeout(() => live.classList.remove("shown"), 2600);
  }
}

/** Pounds as the shop writes them. */
export function pounds(value: number): string {
  return `£${value.toFixed(2)}`;
}

/** An element with attributes and children; text stays text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
