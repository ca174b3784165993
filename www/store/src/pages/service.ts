/** Pages whose content the shop's own script fills: search, wishlist, basket, checkout, thank-you; privacy; not found. */

import { breadcrumb, row } from "../cards.js";
import type { Shop } from "../catalogue.js";
import { html, type Markup } from "../html.js";
import { glyph, type Page } from "../layout.js";

const noScript = html`<noscript><p class="empty">This page needs the shop's script. The departments work without it.</p></noscript>`;

function search(shop: Shop): Page {
  return {
    type: "search",
    path: "/search/",
    title: "Search",
    description: "Search Marigold & Wren.",
    main: html`${breadcrumb([], "Search")}<div class="page-head"><h1 id="search-title">Search</h1><p id="search-note" role="status">Type what you are looking for above.</p></div>${noScript}
<ul class="cards grid" id="search-results"></ul>
${row("search.row", "Well liked", "What other people keep coming back for", shop.bestSellers.slice(8, 14))}`,
  };
}

function wishlist(shop: Shop): Page {
  return {
    type: "wishlist",
    path: "/wishlist/",
    title: "Your wishlist",
    description: "Things you wished for.",
    main: html`${breadcrumb([], "Wishlist")}<div class="page-head"><h1>Your wishlist</h1><p>Kept in this browser, for you alone.</p></div>${noScript}
<p class="empty" id="wishlist-empty" hidden>Nothing yet. Press the heart on anything you like the look of.</p><ul class="cards grid" id="wishlist-items"></ul>
${row("wishlist.row", "You may also wish for", "Favourites from every department", shop.bestSellers.slice(14, 20))}`,
  };
}

function cart(shop: Shop): Page {
  return {
    type: "cart",
    path: "/cart/",
    title: "Your basket",
    description: "Your basket at Marigold & Wren.",
    main: html`${breadcrumb([], "Basket")}<div class="page-head"><h1>Your basket</h1></div>${noScript}
<div class="cart"><div><p class="empty" id="cart-empty" hidden>Your basket is empty. <a href="/">Have a look round.</a></p><ul class="lines" id="cart-lines" aria-label="Products in your basket"></ul></div>
<aside class="summary" id="cart-summary" aria-label="Total" hidden><dl><div><dt>Goods</dt><dd data-total="goods"></dd></div><div><dt>Delivery</dt><dd data-total="delivery"></dd></div><div class="grand"><dt>Total</dt><dd data-total="all"></dd></div></dl><div data-shelf-slot="cart.note"><p class="hint">${glyph("gift", 18)} Add a note at the next step: wrapping is free.</p></div><a class="button" href="/checkout/">To the checkout</a></aside></div>
${row("cart.row", "Last little things", "Often slipped in at the till", shop.bestSellers.slice(20, 26))}`,
  };
}

function field(name: string, label: string, autocomplete: string, extra = html``): Markup {
  return html`<p class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" autocomplete="${autocomplete}" required${extra}></p>`;
}

function checkout(): Page {
  return {
    type: "checkout",
    path: "/checkout/",
    title: "Checkout",
    description: "Where should it go?",
    main: html`${breadcrumb([["Basket", "/cart/"]], "Checkout")}<div class="page-head"><h1>Where should it go?</h1><p>This is a demonstration: nothing is charged, sent or kept, and Shelfwise never reads form fields.</p></div>${noScript}
<form class="checkout" id="checkout"><fieldset><legend>You</legend>${field("first", "First name", "given-name")}${field("last", "Last name", "family-name")}${field("email", "E-mail", "email", html` type="email"`)}</fieldset>
<fieldset><legend>Address</legend>${field("street", "Street and number", "street-address")}${field("town", "Town", "address-level2")}${field("postcode", "Postcode", "postal-code")}</fieldset>
<p class="check"><input type="checkbox" id="greet" name="greet"><label for="greet">Greet me by my first name next time (kept in this browser only)</label></p>
<button class="button">Place the pretend order</button></form>`,
  };
}

function thanks(shop: Shop): Page {
  return {
    type: "thank-you",
    path: "/thank-you/",
    title: "Thank you",
    description: "Your order is on its way.",
    main: html`<div class="page-head centre"><p class="big-glyph">${glyph("party-popper", 56)}</p><h1>Thank you<span id="thanks-name"></span></h1><p id="thanks-order">Your pretend order is being wrapped with real care.</p><p><a class="button" href="/">Back to the shop</a></p></div>
${row("thank-you.row", "For next time", "Other people's second orders", shop.bestSellers.slice(26, 32))}`,
  };
}

function privacy(shop: Shop): Page {
  return {
    type: "other",
    path: "/privacy/",
    title: "What this shop remembers",
    description: "See, export, pause, correct and erase what is remembered in your browser.",
    main: html`${breadcrumb([], "Privacy")}<div class="page-head"><h1>What this shop remembers</h1><p>Everything below lives in this browser. None of it was sent to us, and we have no copy.</p></div>
<div class="privacy">
<section aria-labelledby="p-choice"><h2 id="p-choice">Your choice</h2><p id="privacy-mode" role="status">Reading your choice…</p><p class="actions"><button class="button" data-do="consent-yes">Remember me in this browser</button><button class="button button-plain" data-do="privacy-pause">Pause</button><button class="button button-plain" data-do="consent-no">Forget me and stop</button></p><p class="hint">Pausing keeps what is remembered but leaves every page as it is for everybody. Stopping erases it at once, in every tab.</p></section>
<section aria-labelledby="p-memory"><h2 id="p-memory">What is remembered</h2><dl class="facts" id="privacy-facts"></dl><details><summary>Every single event</summary><pre id="privacy-raw" tabindex="0"></pre></details><p class="actions"><button class="button button-plain" data-do="privacy-export">Download it as a file</button><button class="button button-danger" data-do="privacy-forget">Erase everything now</button></p></section>
<section aria-labelledby="p-correct"><h2 id="p-correct">Correct it</h2><form id="privacy-name" class="inline"><label for="first-name">What shall we call you?</label><input id="first-name" name="first_name" maxlength="40" autocomplete="given-name"><button class="button button-plain">Keep</button></form><form id="privacy-mute" class="inline"><label for="mute">Recommend nothing from</label><select id="mute" name="brand">${shop.categories.map((category) => html`<option>${category.name}</option>`)}</select><button class="button button-plain">Mute</button></form><p class="muted" id="privacy-muted"></p></section>
<section aria-labelledby="p-never"><h2 id="p-never">What is never read</h2><p>Form fields, key strokes and the checkout. No cookie, no account, no identifier, no request that carries anything about you.</p></section>
</div>`,
  };
}

function missing(): Page {
  return {
    type: "other",
    path: "/404.html",
    title: "Not on these shelves",
    description: "This page is not here.",
    main: html`<div class="page-head centre"><p class="big-glyph">${glyph("bird", 56)}</p><h1>Not on these shelves</h1><p>That page has flown. Try the search, or start again at the front door.</p><p><a class="button" href="/">To the front door</a></p></div>`,
  };
}

/** All of them. */
export function servicePages(shop: Shop): Page[] {
  return [search(shop), wishlist(shop), cart(shop), checkout(), thanks(shop), privacy(shop), missing()];
}
