/** The homepage: hero, season line, best sellers, four blocks, new arrivals, story. */

import { row } from "../cards.js";
import type { Product, Shop } from "../catalogue.js";
import { html, type Markup } from "../html.js";
import { glyph, type Page, SHOP_NAME } from "../layout.js";

/** A block of the homepage's layout slot. */
interface Corner {
  readonly block: string;
  readonly title: string;
  readonly text: string;
  readonly category: string;
  readonly pictures: readonly RegExp[];
}

const CORNERS: readonly Corner[] = [
  {
    block: "kitchen",
    title: "The kitchen table",
    text: "Teacups, tins and a cake stand worth the trouble.",
    category: "Kitchen & Dining",
    pictures: [/teacup/i, /mug/i, /cake ?stand/i],
  },
  {
    block: "garden",
    title: "Out in the garden",
    text: "Watering cans, bird houses, a picnic when it is dry.",
    category: "Garden & Picnic",
    pictures: [/watering can/i, /bird ?house|bird feeder/i, /plant|parasol|picnic/i],
  },
  {
    block: "christmas",
    title: "Christmas, early",
    text: "Baubles and stockings for people who plan ahead.",
    category: "Christmas",
    pictures: [/stocking/i, /christmas.*tree|tree/i, /bauble|wreath/i],
  },
  {
    block: "craft",
    title: "The making drawer",
    text: "Ribbon, felt, paper: an afternoon in a box.",
    category: "Craft & Sewing",
    pictures: [/ribbon/i, /sewing|kit/i, /button|felt|box/i],
  },
];

/** The best selling product in stock whose title fits, of a category if given; else the best seller of it. */
export function choose(shop: Shop, words: RegExp, category?: string): Product | undefined {
  const pool = category
    ? shop.bestSellers.filter((product) => product.category === category)
    : shop.bestSellers;
  return pool.find((product) => words.test(product.title)) ?? pool[0];
}

function picture(product: Product | undefined, extra = ""): Markup {
  return html`${product && html`<img src="${product.image}" alt="" width="400" height="400" decoding="async" class="${extra}">`}`;
}

function hero(shop: Shop): Markup {
  const [first, second, third] = [/teacup/i, /t-light holder/i, /bunting/i].map((words) =>
    choose(shop, words),
  );
  return html`<section data-shelf-slot="home.hero" aria-label="Welcome"><div class="hero">
<div class="hero-text"><p class="eyebrow">New in the shop window</p><h1>Small things that make a house <em>yours</em></h1><p class="lede">Four thousand gifts, oddments and everyday treasures, gathered since 2010 and wrapped by hand.</p><p><a class="button" href="/c/home-decor/">Wander round</a> <a class="quiet" href="/c/gifts-curiosities/">Gifts under a tenner</a></p></div>
<div class="hero-art">${picture(first, "art-1")}${picture(second, "art-2")}${picture(third, "art-3")}</div>
</div></section>`;
}

function corners(shop: Shop): Markup {
  const blocks = CORNERS.map((corner) => {
    const category = shop.categories.find((found) => found.name === corner.category);
    const pictures = corner.pictures.map((words) => choose(shop, words, corner.category));
    return html`<a class="corner corner-${corner.block}" data-shelf-block="${corner.block}" href="${category?.url ?? "/c/"}"><span class="corner-art">${pictures.map((product) => picture(product))}</span><span class="corner-text"><b>${corner.title}</b><span>${corner.text}</span></span></a>`;
  });
  return html`<section class="corners-wrap" aria-labelledby="corners-title"><h2 id="corners-title">Four corners of the shop</h2><div class="corners" data-shelf-slot="home.blocks">${blocks}</div></section>`;
}

const PROMISES: ReadonlyArray<readonly [string, string, string]> = [
  ["package", "Posted the same day", "Ordered by two, gone by four."],
  ["gift", "Wrapped by hand", "Paper, ribbon and a note in ink."],
  ["refresh-ccw", "Thirty days to think", "Send it back for any reason."],
  ["shield-check", "Private by design", "What you look at stays in your browser."],
];

/** The homepage. */
export function home(shop: Shop): Page {
  const newest = [...shop.bestSellers]
    .slice(0, 900)
    .sort((a, b) => (a.created < b.created ? 1 : -1))
    .slice(0, 8);
  const season = html`<aside data-shelf-slot="home.season" aria-label="From the shop"><div class="season">${glyph("flower-2")}<p><strong>Gift wrap is on us this week.</strong> Choose it in your basket. <a href="/c/">Find a gift</a></p></div></aside>`;
  const promises = PROMISES.map(
    ([name, title, text]) => html`<li>${glyph(name, 26)}<div><b>${title}</b><span>${text}</span></div></li>`,
  );
  return {
    type: "home",
    path: "/",
    title: SHOP_NAME,
    description:
      "Gifts and good things for home: bunting, teacups, lanterns, ribbons and four thousand more.",
    main: html`${hero(shop)}
${season}
${row("home.row-1", "Everybody's favourites", "What other people keep coming back for", shop.bestSellers.slice(0, 8), true)}
${corners(shop)}
${row("home.row-2", "Just unpacked", "The newest things on the shelves", newest)}
<ul class="promises">${promises}</ul>`,
  };
}
