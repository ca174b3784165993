/** The frame of every page: head, header, navigation, footer. */

import { createHash } from "node:crypto";
import { icon } from "./art/motif.js";
import type { Category, Shop } from "./catalogue.js";
import { escapeHtml, html, Markup, type Value } from "./html.js";

export const SHOP_NAME = "Marigold & Wren";
export const SHOP_ID = "marigold-wren";

/** What the frame needs besides the page itself. */
export interface Frame {
  readonly shop: Shop;
  /** Text of dist/boot.js, or empty when the shop is built without Shelfwise. */
  readonly boot: string;
  /** Base64 Ed25519 public key of the pack. */
  readonly key: string;
  /** Short hash for the addresses of the stylesheet and the script. */
  readonly stamp: string;
}

/** One page. */
export interface Page {
  readonly type:
    | "home"
    | "category"
    | "product"
    | "search"
    | "wishlist"
    | "cart"
    | "checkout"
    | "thank-you"
    | "other";
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly main: Markup;
  /** Category that the navigation marks as current. */
  readonly category?: string;
  /** Structured data and other scripts that are not run. */
  readonly data?: readonly Markup[];
}

/** An icon as inline SVG, hidden from assistive technology. */
export function glyph(name: string, size = 22): Markup {
  return new Markup(
    `<svg class="glyph" aria-hidden="true" width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${icon(name)}</svg>`,
  );
}

/**
 * Says before the boot script runs that this shopper said yes earlier: the shop's own record of its own banner, kept by
 * `client/state.ts`.
 */
const CHOICE = `try{if(localStorage.getItem("marigold:consent")==='"yes"')document.documentElement.dataset.shelfConsent="granted"}catch{}`;

/** The policy that every page carries; only the two short scripts in the head are inline, allowed by their hashes. */
export function policy(boot: string): string {
  const hashes = (boot === "" ? [] : [CHOICE, boot]).map(
    (script) => ` 'sha256-${createHash("sha256").update(script, "utf8").digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval'${hashes.join("")}`,
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

const NAV = [
  "Home Decor",
  "Kitchen & Dining",
  "Lighting & Candles",
  "Garden & Picnic",
  "Bags & Travel",
  "Christmas",
  "Stationery & Cards",
  "Craft & Sewing",
  "Toys & Games",
];

function navigation(categories: readonly Category[], current: string | undefined): Value {
  const entries = NAV.flatMap((name) => categories.find((category) => category.name === name) ?? []);
  return [
    ...entries.map(
      (category) =>
        html`<li><a href="${category.url}"${category.name === current && new Markup(' aria-current="page"')}>${category.name}</a></li>`,
    ),
    html`<li><a href="/c/">Everything</a></li>`,
  ];
}

function head(page: Page, frame: Frame): Markup {
  const bootTag = frame.boot
    ? new Markup(
        `<script>${CHOICE}</script>\n<script data-shop="${SHOP_ID}" data-links="">${frame.boot}</script>`,
      )
    : undefined;
  const tag = frame.key
    ? html`<script src="/shelfwise/shelfwise.js" async data-shop="${SHOP_ID}" data-pack="/pack/" data-key="${frame.key}" data-consent="ask"></script>`
    : undefined;
  return html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(escapeHtml(policy(frame.boot)).replace(/&#39;/g, "'"))}">
${bootTag}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title === SHOP_NAME ? `${SHOP_NAME}: gifts and good things for home` : `${page.title} | ${SHOP_NAME}`}</title>
<meta name="description" content="${page.description}">
<meta name="theme-color" content="#22403a">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="preload" href="/fonts/fraunces.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/fonts/figtree.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/store.css?${frame.stamp}">
${tag}
<script src="/shop.js?${frame.stamp}" type="module"></script>
${page.data}`;
}

function header(page: Page, frame: Frame): Markup {
  return html`<a class="skip" href="#main">Skip to the content</a>
<aside class="notice" aria-label="Delivery">Free UK delivery over £30 <span aria-hidden="true">·</span> <span class="wide">Wrapped by hand, posted the same day</span></aside>
<header class="top">
<div class="top-row">
<a class="brand" href="/" aria-label="${SHOP_NAME}, home"><span class="brand-mark">${glyph("bird", 26)}</span><span>Marigold <i>&amp;</i> Wren</span></a>
<form class="search" role="search" action="/search/"><label class="hidden" for="q">Search the shop</label><input id="q" name="q" type="search" placeholder="Search for bunting, teacups, lanterns…" autocomplete="off" enterkeyhint="search"><button aria-label="Search">${glyph("search")}</button></form>
<nav class="tools" aria-label="Your things"><a href="/wishlist/">${glyph("heart")}<span>Wishlist</span><b data-count="wishlist" hidden></b></a><a href="/cart/">${glyph("shopping-bag")}<span>Basket</span><b data-count="cart" hidden></b></a></nav>
</div>
<nav class="departments" aria-label="Departments"><ul>${navigation(frame.shop.categories, page.category)}</ul></nav>
</header>`;
}

function footer(): Markup {
  return html`<footer class="foot"><div class="foot-grid">
<div><p class="foot-brand">Marigold <i>&amp;</i> Wren</p><p>Gifts and good things for home. A demonstration shop: nothing here can really be bought.</p></div>
<div><h2>Shop</h2><ul><li><a href="/c/">All departments</a></li><li><a href="/wishlist/">Wishlist</a></li><li><a href="/cart/">Basket</a></li></ul></div>
<div><h2>Help</h2><ul><li><a href="/privacy/">What this shop remembers</a></li><li><button class="link" data-do="consent">Change your choice</button></li><li><button class="link" data-do="inspect">Open the inspector</button></li></ul></div>
<div><h2>Credits</h2><p>Products and orders: Chen, Online Retail, UCI (CC BY 4.0). Icons: Lucide (ISC). Type: Fraunces and Figtree (OFL 1.1). Pictures are drawn from the products' names.</p></div>
</div></footer>
<button class="inspect-open" data-do="inspect" title="See what Shelfwise remembers and decides">${glyph("eye", 20)}<span>Inspect</span></button>
<div id="shop-live" class="hidden" role="status" aria-live="polite"></div>`;
}

/** The whole document. */
export function layout(page: Page, frame: Frame): string {
  return html`<!doctype html>
<html lang="en-GB" data-shelf-page="${page.type}"${page.category !== undefined && html` data-shelf-category="${page.category}"`}>
<head>
${head(page, frame)}
</head>
<body class="page-${page.type}">
${header(page, frame)}
<main id="main" tabindex="-1">
${page.main}
</main>
${footer()}
</body>
</html>
`.text;
}
