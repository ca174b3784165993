/** Search over a small index, and the wishlist page. */

import { element, pounds, read, type Thing } from "./state.js";

interface Index {
  categories: string[];
  products: Array<[id: string, title: string, price: number, category: number, stock: number]>;
}

/** Words of a text, lower case, without plural s. */
function words(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) =>
    word.length > 3 ? word.replace(/s$/, "") : word,
  );
}

/** How well a title answers the words: 0 = not at all; whole words count more than their beginnings. */
export function match(query: readonly string[], title: string): number {
  const own = words(title);
  let score = 0;
  for (const word of query) {
    if (own.includes(word)) {
      score += 3;
    } else if (own.some((other) => other.startsWith(word))) {
      score += 1;
    } else {
      return 0;
    }
  }
  return score;
}

/** A card like those that the pages were built with. */
export function card(thing: Thing, inStock = true): HTMLElement {
  const heart = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  heart.setAttribute("viewBox", "0 0 24 24");
  heart.setAttribute("class", "glyph");
  heart.setAttribute("width", "18");
  heart.setAttribute("height", "18");
  heart.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute(
    "d",
    "M12 21C5 16 2 12.5 2 9.5a5.5 5.5 0 0 1 10-3 5.5 5.5 0 0 1 10 3c0 3-3 6.5-10 11.500Z",
  );
  heart.append(path);
  return element(
    "li",
    {
      class: "card",
      "data-shelf-item": thing.id,
      "data-shelf-name": thing.title,
      "data-shelf-brand": thing.brand,
      "data-shelf-category": thing.category,
      "data-shelf-price": thing.price.toFixed(2),
      "data-shelf-image": `/img/${thing.id}.svg`,
      "data-shelf-url": `/p/${thing.id}/`,
    },
    element(
      "a",
      { href: `/p/${thing.id}/`, "data-shelf-action": "select_item" },
      element("img", { src: `/img/${thing.id}.svg`, alt: "", width: "400", height: "400", loading: "lazy" }),
      element("span", { class: "card-title" }, thing.title),
    ),
    element(
      "p",
      { class: inStock ? "card-price" : "card-price card-sold" },
      inStock ? pounds(thing.price) : "Sold out",
    ),
    element(
      "button",
      {
        class: "wish",
        "data-do": "wish",
        "data-shelf-action": "add_to_wishlist",
        "aria-pressed": "false",
        "aria-label": `Add ${thing.title} to your wishlist`,
      },
      heart,
    ),
  );
}

/** Fills the search page from the address. Costs one fetch of the index, about 60 kB on the wire. */
export async function showSearch(): Promise<void> {
  const list = document.getElementById("search-results");
  const term = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const query = words(term);
  if (!list || query.length === 0) {
    return;
  }
  const field = document.getElementById("q") as HTMLInputElement | null;
  if (field) {
    field.value = term;
  }
  const index = (await (await fetch("/search.json")).json()) as Index;
  const found = index.products
    .map((product, rank) => ({
      product,
      score: match(query, `${product[1]} ${index.categories[product[3]] ?? ""}`) * 10000 - rank,
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  list.replaceChildren(
    ...found
      .slice(0, 60)
      .map(({ product: [id, title, price, category, stock] }) =>
        card({ id, title, price, category: index.categories[category] ?? "", brand: "" }, stock === 1),
      ),
  );
  const title = document.getElementById("search-title");
  const note = document.getElementById("search-note");
  if (title && note) {
    title.textContent = `“${term}”`;
    note.textContent =
      found.length === 0
        ? "Nothing by that name. Fewer or simpler words often help."
        : `${found.length} ${found.length === 1 ? "thing" : "things"}${found.length > 60 ? ", the 60 best liked shown" : ""}`;
  }
  window.dataLayer ??= [];
  window.dataLayer.push({ event: "search", search_term: term });
}

/** Fills the wishlist page. */
export function showWishlist(): void {
  const list = document.getElementById("wishlist-items");
  if (list) {
    const wishes = read("wishlist");
    list.replaceChildren(...wishes.map((thing) => card(thing)));
    document.getElementById("wishlist-empty")?.toggleAttribute("hidden", wishes.length > 0);
  }
}
