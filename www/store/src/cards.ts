/** Product cards, rows and grids: the shop's own markup, which recommended rows copy. */

import type { Product } from "./catalogue.js";
import { html, type Markup, type Value } from "./html.js";
import { glyph } from "./layout.js";

/** Pounds as the shop writes them: 2.5 -> "£2.50". */
export function pounds(value: number): string {
  return `£${value.toFixed(2)}`;
}

/** The attributes by which Shelfwise reads a product. */
export function shelfItem(product: Product): Markup {
  return html` data-shelf-item="${product.id}" data-shelf-name="${product.title}"${product.brand && html` data-shelf-brand="${product.brand}"`} data-shelf-category="${product.category}" data-shelf-price="${product.price.toFixed(2)}" data-shelf-image="${product.image}" data-shelf-url="${product.url}"`;
}

/** A price, with the one before reduction where there is one. */
export function price(product: Product): Markup {
  return html`<p class="card-price">${product.compareAt > product.price && html`<s><span class="hidden">was </span>${pounds(product.compareAt)}</s> `}${pounds(product.price)}</p>`;
}

/** A card. Only grids have the wish button: slots hold no form controls. */
export function card(product: Product, options: { wish?: boolean; eager?: boolean } = {}): Markup {
  const eager = options.eager ? html` fetchpriority="low"` : html` loading="lazy"`;
  return html`<li class="card"${shelfItem(product)}>
<a href="${product.url}" data-shelf-action="select_item"><img src="${product.image}" alt="" width="400" height="400"${eager} decoding="async"><span class="card-title">${product.title}</span></a>
${product.inStock ? price(product) : html`<p class="card-price card-sold">Sold out</p>`}
${options.wish && html`<button class="wish" data-do="wish" data-shelf-action="add_to_wishlist" aria-pressed="false" aria-label="Add ${product.title} to your wishlist">${glyph("heart", 18)}</button>`}
</li>`;
}

/** A titled row of products inside a slot, complete without personalisation. */
export function row(
  slot: string,
  title: string,
  note: string,
  products: readonly Product[],
  eager = false,
): Markup {
  return html`<section class="row" data-shelf-slot="${slot}" aria-label="${title}">
<div class="row-head"><h2>${title}</h2><p>${note}</p></div>
<ul class="cards">${products.map((product) => card(product, { eager }))}</ul>
</section>`;
}

/** A path of links above a page's title. */
export function breadcrumb(steps: ReadonlyArray<readonly [string, string]>, here: string): Markup {
  const links: Value = steps.map(([name, url]) => html`<li><a href="${url}">${name}</a></li>`);
  return html`<nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href="/">Home</a></li>${links}<li aria-current="page">${here}</li></ol></nav>`;
}
