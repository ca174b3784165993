import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { watchFrames } from "./frames.js";
import type { Change } from "./server.js";
import { stand } from "./stand.js";
import { browse, decided, type Running, ready, slots } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

/** A shopper with a taste for gardens, whose next homepage is decided. */
async function gardener(): Promise<Page> {
  const page = await at.someone.context.newPage();
  await browse(page, at.shop.url);
  await decided(page, "home.row-1");
  return page;
}

/** The homepage without its boot snippet: only the engine changes it. */
const bootless = (html: string): string => html.replace(/<script data-shop=.*<\/script>/, "");

/** Changes the homepage. */
const home =
  (edit: (html: string) => string): Change =>
  (path, body) =>
    path === "/" ? edit(body.toString()) : body;

const later =
  (ms: number, pattern: RegExp, change: Change): Change =>
  async (path, body) => {
    if (pattern.test(path)) await new Promise((done) => setTimeout(done, ms));
    return change(path, body);
  };

describe("a slot in view", () => {
  it("is not changed after it was painted, nor when it comes into view; one below is", async () => {
    const page = await gardener();
    await watchFrames(page);
    at.shop.change = later(400, /_bg\.wasm$/, home(bootless));
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(500);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("Small things");
    expect(await page.textContent('[data-shelf-slot="home.row-2"] h2')).toBe("Where you left off");
    for (let step = 0; step < 12; step++) {
      await page.mouse.wheel(0, 300);
      await page.waitForTimeout(100);
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(400);
    const { disturbed, shift } = await page.evaluate(() => window.shown);
    expect(disturbed).toEqual([]);
    expect(shift).toBe(0);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("Small things");
  });

  it("is the shopper's own on the next page view, with the snippet", async () => {
    const page = await gardener();
    await page.goto(at.shop.url);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("the garden?");
  });
});

describe("a slot with form controls", () => {
  const field = '<form id="letter"><label>Write to us <input name="letter"></label></form>';
  const inside = (slot: string, html: string) =>
    html.replace(new RegExp(`<[^>]*data-shelf-slot="${slot}"[^>]*>`), (tag) => tag + field);

  it("is left alone by the snippet and by the engine, and what is typed stays", async () => {
    const page = await gardener();
    at.shop.change = later(
      500,
      /_bg\.wasm$/,
      home((html) => inside("home.row-2", inside("home.hero", html))),
    );
    await page.goto(at.shop.url);
    const before = await slots(page);
    expect(before["home.hero"]).toContain("Small things");
    await page.locator("#letter input").first().fill("Dear shop");
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(500);
    const after = await slots(page);
    for (const slot of ["home.hero", "home.row-2"]) expect(after[slot]).toBe(before[slot]);
    expect(await page.locator("#letter input").first().inputValue()).toBe("Dear shop");
    expect(at.someone.warnings).toHaveLength(1);
    expect(at.someone.warnings[0]).toMatch(/^Shelfwise R300/);
  });

  it("that the parser brings late is given back", async () => {
    const page = await gardener();
    at.shop.change = home((html) => {
      const end = html.indexOf('<aside data-shelf-slot="home.season"');
      const close = html.lastIndexOf("</section>", end);
      return `${html.slice(0, close)}${field}${html.slice(close)}`;
    });
    await page.goto(at.shop.url);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("Small things");
    expect(await page.locator('[data-shelf-slot="home.hero"] .hero').count()).toBe(1);
    expect(await page.locator('[data-shelf-slot="home.hero"] #letter').count()).toBe(1);
    expect(await ready(page)).toBe(true);
  });
});

describe("blocks in another order", () => {
  it("keep the focus of whoever is in them", async () => {
    const page = await gardener();
    at.shop.change = later(700, /_bg\.wasm$/, home(bootless));
    await page.goto(at.shop.url);
    await page.focus('[data-shelf-block="christmas"]');
    await page.evaluate(() => scrollTo(0, 0));
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(500);
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-shelf-block"));
    expect(focused).toBe("christmas");
    expect(await page.locator("[data-shelf-block]").count()).toBe(4);
  });

  it("keep what listens to them, and go back to the merchant's order on another route", async () => {
    const page = await gardener();
    await page.goto(at.shop.url);
    const order = () =>
      page.$$eval("[data-shelf-block]", (found) =>
        found.map((block) => block.getAttribute("data-shelf-block")),
      );
    expect(await order()).toEqual(["garden", "kitchen", "craft", "christmas"]);
    expect(await ready(page)).toBe(true);
    // A file of the pack that arrives late decides once more.
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => shelfwise.scene().then((scene) => scene?.restore()));
    expect(await order()).toEqual(["kitchen", "garden", "christmas", "craft"]);
  });
});

describe("an application that changes its route", () => {
  it("gets its own markup back in every slot, and one page view more", async () => {
    const page = await at.someone.context.newPage();
    at.shop.change = (path, body) => (path.startsWith("/shelfwise/") ? null : body);
    await page.goto(at.shop.url);
    const before = await slots(page);
    await page.close();
    at.shop.honest();

    const known = await gardener();
    await known.goto(at.shop.url);
    expect(await ready(known)).toBe(true);
    await known.waitForTimeout(300);
    expect((await slots(known))["home.hero"]).not.toBe(before["home.hero"]);
    const pages = () =>
      known.evaluate(async () => ((await shelfwise.export()) as { visit: { pages: number } }).visit.pages);
    const viewed = await pages();
    // An application takes the old page away in the same task in which it changes the address.
    const undone = await known.evaluate(async () => {
      document.documentElement.dataset.shelfPage = "other";
      history.pushState({}, "", "/about/");
      await Promise.resolve();
      return Object.fromEntries(
        [...document.querySelectorAll("[data-shelf-slot]")].map((slot) => [
          slot.getAttribute("data-shelf-slot"),
          slot.innerHTML,
        ]),
      );
    });
    expect(undone).toEqual(before);
    await known.waitForTimeout(500);
    expect(await pages()).toBe(viewed + 1);
    expect((await slots(known))["home.hero"]).toBe(before["home.hero"]);
  });
});

describe("the strictest policies", () => {
  it("are kept by everything: snippet, engine, messages, inspector", async () => {
    const page = await gardener();
    const refused: string[] = [];
    await page.exposeFunction("refused", (what: string) => refused.push(what));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const { violatedDirective, blockedURI, sample } = event;
        (window as unknown as { refused(what: string): void }).refused(
          `${violatedDirective} ${blockedURI} ${sample}`,
        );
      });
    });
    at.shop.headers = {
      "content-security-policy":
        "require-trusted-types-for 'script'; trusted-types 'none'; object-src 'none'; worker-src 'none'; style-src 'self'",
    };
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("the garden?");
    await page.click(".inspect-open");
    await page.waitForSelector("shelfwise-inspector");
    await page.evaluate(() =>
      shelfwise.scene().then(async () => {
        shelfwise.track("add_to_cart", { items: [{ item_id: "22423", price: 25, quantity: 1 }] });
      }),
    );
    await page.waitForTimeout(600);
    await page.goto(`${at.shop.url}/c/christmas/`);
    expect(await ready(page)).toBe(true);
    await page.waitForSelector(".shelfwise-bar");
    await page.waitForTimeout(300);
    expect(refused).toEqual([]);
    expect(at.someone.warnings).toEqual([]);
  });
});
