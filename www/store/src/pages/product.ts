/** Product pages, in the three ways in which real shops tell scripts about a product. */

import { badge } from "../art/motif.js";
import { hash } from "../art/palette.js";
import { breadcrumb, pounds, row, shelfItem } from "../cards.js";
import { type Product, type Shop, slug } from "../catalogue.js";
import { data, html, type Markup } from "../html.js";
import { glyph, type Page } from "../layout.js";

/**
 * How a product page speaks: `shelf` with data-shelf-* attributes, `ga4` with a GA4 data layer, `plain` with schema.org only
 * (its buttons use Shelfwise's queue). Every page also carries schema.org data, as real shops do.
 */
export type Template = "shelf" | "ga4" | "plain";

/** The template of a product; fixed by its id, so that each of them has about a third of the products. */
export function template(product: Product): Template {
  return (["shelf", "ga4", "plain"] as const)[hash(product.id) % 3] ?? "shelf";
}

function structured(product: Product): Markup[] {
  const offer = {
    "@type": "Offer",
    price: product.price.toFixed(2),
    priceCurrency: "GBP",
    availability: `https://schema.org/${product.inStock ? "InStock" : "OutOfStock"}`,
    url: product.url,
  };
  return [
    data("application/ld+json", {
      "@context": "https://schema.org",
      "@type": "Product",
      sku: product.id,
      name: product.title,
      category: product.category,
      image: product.image,
      ...(product.brand && { brand: { "@type": "Brand", name: product.brand } }),
      offers: offer,
    }),
    data("application/ld+json", {
      "@context": "https://schema.org",
      "@type": "BreadcrumbList",
      itemListElement: [
        { "@type": "ListItem", position: 1, name: "Home", item: "/" },
        { "@type": "ListItem", position: 2, name: product.category, item: `/c/${slug(product.category)}/` },
        { "@type": "ListItem", position: 3, name: product.title },
      ],
    }),
  ];
}

const MATERIALS: ReadonlyArray<readonly [string, string]> = [
  ["glass", "Glass"],
  ["ceramic", "Ceramic"],
  ["metal", "Metal"],
  ["wood", "Wood"],
  ["paper", "Paper"],
  ["felt", "Felt"],
];

function story(product: Product): Markup {
  const set = badge(product.title);
  const material = MATERIALS.find(([tag]) => product.tags.includes(tag))?.[1];
  const facts: Array<readonly [string, string]> = [
    ["Department", product.category],
    ...(material ? [["Material", material] as const] : []),
    ...(set ? [["Comes as", set.replace(/^./, (letter) => letter.toUpperCase())] as const] : []),
    [
      "In the shop since",
      new Date(product.created || "2010-12-01").toLocaleDateString("en-GB", {
        month: "long",
        year: "numeric",
        timeZone: "UTC",
      }),
    ],
    ["Reference", product.id],
  ];
  return html`<dl class="facts" data-shelf-signal="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function buy(product: Product, kind: Template): Markup {
  const action = (name: string) => kind === "shelf" && html` data-shelf-action="${name}"`;
  const disabled = !product.inStock && html` disabled`;
  return html`<div class="buy">
<label for="quantity">How many</label><input id="quantity" type="number" inputmode="numeric" min="1" max="99" value="1"${disabled}>
<button class="button" data-do="cart"${action("add_to_cart")}${disabled}>${product.inStock ? "Add to basket" : "Sold out"}</button>
<button class="wish wish-large" data-do="wish"${action("add_to_wishlist")} aria-pressed="false" aria-label="Add ${product.title} to your wishlist">${glyph("heart", 22)}</button>
</div>`;
}

/** The page of one product. */
export function productPage(product: Product, shop: Shop): Page {
  const kind = template(product);
  const siblings = shop.categories.find((category) => category.name === product.category)?.products ?? [];
  const shared = (other: Product) => other.tags.filter((tag) => product.tags.includes(tag)).length;
  const similar = siblings
    .slice(0, 60)
    .filter((other) => other.id !== product.id && other.inStock)
    .map((other, rank) => ({ other, score: shared(other) * 20 - rank }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 6)
    .map(({ other }) => other);
  const facts = {
    id: product.id,
    title: product.title,
    price: product.price,
    category: product.category,
    brand: product.brand,
    template: kind,
  };
  return {
    type: "product",
    path: product.url,
    title: product.title,
    description: `${product.title}, ${pounds(product.price)}. ${product.category} at Marigold & Wren.`,
    category: product.category,
    data: [...structured(product), data("application/json", facts, "shop-product")],
    main: html`${breadcrumb([[product.category, `/c/${slug(product.category)}/`]], product.title)}
<article class="product"${kind === "shelf" && shelfItem(product)}>
<div class="product-art"><img src="${product.image}" alt="Drawing of ${product.title}" width="400" height="400" fetchpriority="high"></div>
<div class="product-text"><h1>${product.title}</h1>
<p class="product-price">${product.compareAt > product.price && html`<s><span class="hidden">was </span>${pounds(product.compareAt)}</s> `}${pounds(product.price)}</p>
<p class="stock ${product.inStock ? "stock-yes" : "stock-no"}">${product.inStock ? "In stock, posted today" : "Sold out for now: wish for it and we will show you when it is back"}</p>
${buy(product, kind)}
<div class="assurance" data-shelf-slot="product.note"><p>${glyph("gift", 20)} Gift wrap and a handwritten note, free this week.</p></div>
${story(product)}
</div>
</article>
${row("product.cross-sell", "Goes well together", "Picked from the same shelf", similar)}`,
  };
}
