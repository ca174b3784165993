import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../js/module.js";
import { type Change, SITE } from "./server.js";
import { stand } from "./stand.js";
import { accept, browse, decided, productsOf, type Running, ready, remembered, slots } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

const TEMPLATE = `<template id="hero-card"><article class="mine"><svg class="mark"></svg><h1 data-shelf-text="headline">?</h1><a
data-shelf-href="link" data-shelf-text="button" href="/c/">All</a><img data-shelf-src="picture" src="/icon.svg" alt=""></article></template>`;
const VALUES = {
  headline: "<b>Yours</b>",
  button: "Come in",
  link: "/c/garden-picnic/",
  picture: "//evil.example/x.png",
};

/** Changes the homepage; no policy stands in the way of another snippet. */
const home =
  (edit: (html: string) => string): Change =>
  (path, body) =>
    path === "/"
      ? edit(body.toString().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ""))
      : body;

const withTemplate = (html: string): string => html.replace('<main id="main"', `${TEMPLATE}<main id="main"`);

/** Gives the hero a decision as the inspector does. */
const give = (page: Page, content: object): Promise<unknown> =>
  page.evaluate(async (content) => {
    const scene = await shelfwise.scene();
    const found = [...(scene?.slots() ?? [])].find(([, name]) => name === "home.hero");
    if (!scene || !found) throw new Error("no scene");
    const decision = { slot: "home.hero", campaign: "a", variation: "b", kind: 1, reason: 0, ...content };
    return scene.show(found[0], decision as Decision);
  }, content);

describe("a template of the page", () => {
  it("is shown with the values of a decision, as texts and as links that are allowed", async () => {
    const page = await at.someone.context.newPage();
    at.shop.change = home(withTemplate);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    const before = await slots(page);
    expect(await give(page, { template: "hero-card", values: VALUES })).toBe("shown");
    const hero = page.locator('[data-shelf-slot="home.hero"] > .mine');
    expect(await hero.locator("h1").innerHTML()).toBe("&lt;b&gt;Yours&lt;/b&gt;");
    expect(await hero.locator("a").getAttribute("href")).toBe("/c/garden-picnic/");
    expect(await hero.locator("img").getAttribute("src")).toBe("/icon.svg");
    expect(await hero.locator("svg.mark").count()).toBe(1);
    expect(await page.locator("template#hero-card").count()).toBe(1);
    await page.evaluate(() => shelfwise.scene().then((scene) => scene?.restore()));
    expect(await slots(page)).toEqual(before);
    expect(at.someone.warnings).toEqual([]);
  });

  it("that is missing leaves the slot, and says so", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    const before = await slots(page);
    expect(await give(page, { template: "hero-card", values: VALUES })).toBe("empty");
    expect(await slots(page)).toEqual(before);
    expect(at.someone.warnings).toEqual([expect.stringMatching(/^Shelfwise R303: .*\(hero-card\) .*#r303$/)]);
  });

  it("is filled before the first paint by the snippet for such pages", async () => {
    const page = await at.someone.context.newPage();
    const snippet = readFileSync(join(SITE, "shelfwise/boot-templates.js"), "utf8");
    at.shop.change = home((html) =>
      withTemplate(html).replace(
        /(<script data-shop="[^"]*" data-links="">)[\s\S]*?<\/script>/,
        (_, tag) => `${tag}${snippet}</script>`,
      ),
    );
    await page.goto(`${at.shop.url}/privacy/`);
    await page.evaluate((values) => {
      localStorage.setItem("marigold:consent", '"yes"');
      const slots = { "home.hero": { id: "a/b", template: "hero-card", values } };
      localStorage.setItem(
        "shelfwise:marigold-wren:boot",
        JSON.stringify({ v: 1, until: Date.now() + 1e6, slots }),
      );
    }, VALUES);
    await page.goto(at.shop.url, { waitUntil: "commit" });
    expect(await page.textContent('[data-shelf-slot="home.hero"] > .mine h1')).toBe("<b>Yours</b>");
  });
});

describe("a block that comes out empty", () => {
  it("leaves its slot, and is no form control", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    const before = await slots(page);
    expect(await give(page, { tree: ["script", 0, "x"] })).toBe("empty");
    expect(await slots(page)).toEqual(before);
    expect(at.someone.warnings).toEqual([expect.stringMatching(/^Shelfwise R302: .*\(home.hero\) .*#r302$/)]);
  });
});

describe("a grid that the server rendered", () => {
  it("keeps every product, and those in view their places; the others come by taste, and go back", async () => {
    const page = await at.someone.context.newPage();
    const url = `${at.shop.url}/c/garden-picnic/`;
    await page.goto(url);
    expect(await ready(page)).toBe(true);
    await accept(page);
    const merchants = await productsOf(page);
    for (const product of merchants.slice(20, 24)) {
      await page.goto(`${at.shop.url}/p/${product}/`);
      expect(await ready(page)).toBe(true);
    }
    await decided(page, "home.row-1");
    await page.goto(url);
    const still = await page.$$eval(
      ".grid > [data-shelf-item]",
      (cards) => cards.filter((card) => card.getBoundingClientRect().top <= innerHeight).length,
    );
    expect(still).toBeGreaterThan(2);
    expect(await ready(page)).toBe(true);
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll(".grid > [data-shelf-item]")]
          .map((card) => card.getAttribute("data-shelf-item"))
          .join() !== before,
      merchants.join(),
    );
    await page.waitForLoadState("networkidle");
    const now = await productsOf(page);
    expect(now.slice(0, still)).toEqual(merchants.slice(0, still));
    expect([...now].sort()).toEqual([...merchants].sort());
    // What is seen of it is an exposure like any other.
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(1600);
    const seen = (await remembered(page)).events.filter(({ event }) => event === "experiment_viewed");
    expect(seen.map(({ text }) => text)).toContain("category-your-taste/default");
    await page.evaluate(() => shelfwise.scene().then((scene) => scene?.restore()));
    expect(await productsOf(page)).toEqual(merchants);
    expect(at.someone.warnings).toEqual([]);
  });
});

describe("a department that a shopper muted", () => {
  it("is in no row any more, until it is heard of again", async () => {
    const page = await at.someone.context.newPage();
    await browse(page, at.shop.url);
    const garden = async () => {
      const cards = await page.evaluate(() =>
        shelfwise.recommend({ strategy: ["for-you", "best-sellers"], limit: 20 }),
      );
      expect(cards.length).toBeGreaterThan(8);
      return cards.filter(({ category }) => category === "Garden & Picnic").length;
    };
    expect(await garden()).toBeGreaterThan(0);
    await page.goto(`${at.shop.url}/privacy/`);
    expect(await ready(page)).toBe(true);
    await page.selectOption("#mute", "Garden & Picnic");
    await page.click("#privacy-mute button");
    await page.locator("#privacy-muted button").waitFor();
    expect(await garden()).toBe(0);
    await page.click("#privacy-muted button");
    await page.waitForFunction(() => !document.querySelector("#privacy-muted button"));
    expect(await garden()).toBeGreaterThan(0);
  });
});
