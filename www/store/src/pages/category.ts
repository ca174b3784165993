/** Category pages, in pages of 48 products, and the list of departments. */

import { breadcrumb, card } from "../cards.js";
import type { Category, Shop } from "../catalogue.js";
import { html, type Markup } from "../html.js";
import type { Page } from "../layout.js";

/** Products on one page of a category. */
export const PAGE_SIZE = 48;

const WORDS: Readonly<Record<string, string>> = {
  "Home Decor": "Frames, clocks, signs and hearts to hang.",
  "Kitchen & Dining": "For the table, the stove and the long breakfast.",
  "Lighting & Candles": "Lanterns, t-lights and a little glow for dark afternoons.",
  "Garden & Picnic": "For beds, borders, birds and blankets on the grass.",
  "Bags & Travel": "Carry your lunch, your knitting or the whole weekly shop.",
  Christmas: "Baubles, bells and stockings, all year round.",
  "Stationery & Cards": "Paper, pens and reasons to write.",
  "Craft & Sewing": "Ribbon, felt and kits for rainy Sundays.",
  "Toys & Games": "Wooden, woolly and wonderfully simple.",
  Jewellery: "Beads, charms and something that sparkles.",
  Party: "Bunting, balloons and birthday candles.",
  Baking: "Cake cases, tins and everything for a Saturday bake.",
};

/** Addresses of a category's pages: the first without a number. */
export function pageUrl(category: Category, number: number): string {
  return number === 1 ? category.url : `${category.url}${number}/`;
}

function pager(category: Category, current: number, count: number): Markup | undefined {
  if (count < 2) {
    return undefined;
  }
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return html`<nav class="pager" aria-label="Pages"><ul>${current > 1 && html`<li><a rel="prev" href="${pageUrl(category, current - 1)}">Previous</a></li>`}${numbers.map(
    (number) =>
      number === current
        ? html`<li><span aria-current="page">${number}</span></li>`
        : html`<li><a href="${pageUrl(category, number)}"><span class="hidden">Page </span>${number}</a></li>`,
  )}${current < count && html`<li><a rel="next" href="${pageUrl(category, current + 1)}">Next</a></li>`}</ul></nav>`;
}

/** All pages of one category. */
export function categoryPages(category: Category): Page[] {
  const count = Math.max(1, Math.ceil(category.products.length / PAGE_SIZE));
  const words = WORDS[category.name] ?? "A shelf of small surprises.";
  return Array.from({ length: count }, (_, at) => {
    const products = category.products.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
    return {
      type: "category" as const,
      path: pageUrl(category, at + 1),
      title: at === 0 ? category.name : `${category.name}, page ${at + 1}`,
      description: `${category.name} at Marigold & Wren. ${words}`,
      category: category.name,
      main: html`${breadcrumb([], category.name)}
<div class="page-head"><h1>${category.name}</h1><div data-shelf-slot="category.banner"><p>${words} <span class="count">${category.products.length} things</span></p></div></div>
<ul class="cards grid" data-shelf-slot="category.grid">${products.map((product, index) => card(product, { wish: true, eager: index < 8 }))}</ul>
${pager(category, at + 1, count)}`,
    };
  });
}

/** Words of the product that stands for a department whose best seller does not look like it. */
const FACES: Readonly<Record<string, RegExp>> = {
  Jewellery: /necklace|earrings|bracelet/i,
  "Toys & Games": /doll|teddy|jigsaw/i,
  Christmas: /stocking|bauble|tree/i,
  "Home Decor": /clock/i,
  Party: /balloon|bunting/i,
  "Craft & Sewing": /reel|ribbons$/i,
};

function face(category: Category): string {
  const words = FACES[category.name];
  const product = words && category.products.find(({ title }) => words.test(title));
  return (product ?? category.products[0])?.image ?? "";
}

/** The list of departments. */
export function departments(shop: Shop): Page {
  return {
    type: "other",
    path: "/c/",
    title: "All departments",
    description: "Every department of Marigold & Wren.",
    main: html`${breadcrumb([], "All departments")}<div class="page-head"><h1>All departments</h1></div>
<ul class="departments-grid">${shop.categories.map(
      (category) =>
        html`<li><a href="${category.url}"><img src="${face(category)}" alt="" width="400" height="400" loading="lazy"><b>${category.name}</b><span>${category.products.length} things</span></a></li>`,
    )}</ul>`,
  };
}
