import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { person } from "./browser.js";
import type { Change } from "./server.js";
import { repacked, Signer } from "./signing.js";
import { stand } from "./stand.js";
import { accept, decided, keys, type Running, ready, remembered, slots } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

/** Changes one byte of files of ours. */
const flip =
  (pattern: RegExp, place = -9): Change =>
  (path, body) =>
    pattern.test(path)
      ? Buffer.from(body.map((byte, at) => (at === body.length + place ? byte ^ 1 : byte)))
      : body;
const cut =
  (pattern: RegExp, length: number): Change =>
  (path, body) =>
    pattern.test(path) ? body.subarray(0, length) : body;
const gone =
  (pattern: RegExp): Change =>
  (path, body) =>
    pattern.test(path) ? null : body;

let merchants: Record<string, string> | undefined;

/** The homepage as it is without Shelfwise. */
async function plain(): Promise<Record<string, string>> {
  if (merchants) return merchants;
  const { shop, someone } = at;
  shop.change = gone(/^\/shelfwise\//);
  const page = await someone.context.newPage();
  await page.goto(shop.url);
  merchants = await slots(page);
  expect(Object.keys(merchants)).toContain("home.hero");
  await page.close();
  shop.honest();
  return merchants;
}

/** A page that must stand as the merchant made it, with one warning of that code and nothing thrown. */
async function stands(page: Page, code: string, before: Record<string, string>): Promise<void> {
  expect(await ready(page)).toBe(false);
  // Everything that a page can ask of a Shelfwise that does not run is answered.
  const answers = await page.evaluate(async () => {
    shelfwise.track("add_to_cart", { items: [{ item_id: "85123A" }] });
    shelfwise.push(["consent", { remember: true }], ["profile", { first_name: "Ada" }]);
    shelfwise.page();
    return [
      await shelfwise.decide(),
      await shelfwise.recommend({ strategy: "best-sellers" }),
      await shelfwise.export(),
    ];
  });
  expect(answers).toEqual([[], [], null]);
  await page.mouse.wheel(0, 2000);
  await page.waitForTimeout(300);
  expect(await slots(page)).toEqual(before);
  expect(at.someone.warnings).toHaveLength(1);
  expect(at.someone.warnings[0]).toMatch(
    new RegExp(`^Shelfwise ${code}: .* http\\S+errors\\.md#${code.toLowerCase()}$`),
  );
  expect(at.someone.thrown).toEqual([]);
}

/** A first visit to the homepage of a shop that answers so. */
async function wrong(change: Change, code: string): Promise<void> {
  const before = await plain();
  at.shop.change = change;
  const page = await at.someone.context.newPage();
  await page.goto(at.shop.url);
  await stands(page, code, before);
}

const HOUR_S = 3600;
const now_s = () => Math.trunc(Date.now() / 1000);

describe("a pack that is refused leaves the page to the merchant:", () => {
  it("missing", () => wrong(gone(/^\/pack\//), "R200"));
  it("without its core", () => wrong(gone(/\/core-/), "R200"));
  it("latest.json of another kind", () => wrong(cut(/latest\.json/, 40), "R201"));
  it("latest.json tampered with", () => wrong(flip(/latest\.json/), "R201"));
  it("latest.json too long", () =>
    wrong((path, body) => (/latest\.json/.test(path) ? Buffer.alloc(40_000, body) : body), "R204"));
  it("manifest tampered with", () => wrong(flip(/manifest-/), "R203"));
  it("core truncated", () => wrong(cut(/\/core-/, 99), "R204"));
  it("core tampered with", () => wrong(flip(/\/core-/), "R203"));
  it("core that opens no more, rightly signed", async () =>
    wrong(await repacked({ files: { core: Buffer.alloc(4096, 7) } }), "R209"));
  it("signed by somebody else", async () => {
    const change = await repacked({});
    await wrong((path, body) => (path.startsWith("/pack/") ? change(path, body) : body), "R202");
  });
  it("signed by somebody else in the shop's name", async () => {
    const signer = new Signer();
    const change = await repacked({ signer });
    // The page names another key with the same beginning of its hash: the signature itself must be looked at.
    await wrong(async (path, body) => {
      const answer = await change(path, body);
      if (path !== "/pack/latest.json") return answer;
      return String(answer).replace(/"signature":"[^"]{86}/, `"signature":"${"A".repeat(86)}`);
    }, "R201");
  });
  it("expired an hour ago", async () =>
    wrong(await repacked({ latest: { expires: now_s() - HOUR_S } }), "R206"));
  it("with an expired manifest", async () =>
    wrong(await repacked({ manifest: { expires: now_s() - HOUR_S } }), "R206"));
  it("of another shop", async () => wrong(await repacked({ latest: { shop: "another" } }), "R205"));
  it("with the manifest of another shop", async () =>
    wrong(await repacked({ manifest: { shop: "another" } }), "R205"));
  it("with the manifest of an older version", async () =>
    wrong(await repacked({ latest: { version: 1000 } }), "R207"));
  it("for a newer shelfwise", async () =>
    wrong(await repacked({ manifest: { sdk_minimum: "9.0.0" } }), "R208"));
});

describe("a newer pack", () => {
  it("is taken, and after it an older one is refused: the newer, kept one serves on", async () => {
    const { shop, someone } = at;
    const signer = new Signer();
    const version = (version: number) => repacked({ latest: { version }, manifest: { version }, signer });
    const [older, newer] = [await version(7), await version(8)];
    shop.change = newer;
    const page = await someone.context.newPage();
    await page.goto(shop.url);
    expect(await ready(page)).toBe(true);
    await accept(page);
    // The newer manifest stays in place, as on a server whose `latest.json` alone was rolled back.
    shop.change = (path, body) => (path === "/pack/latest.json" ? older : newer)(path, body);
    await page.reload();
    expect(await ready(page)).toBe(true);
    expect(await page.evaluate(() => shelfwise.scene().then((scene) => scene?.version))).toBe(8);
    expect(someone.warnings).toHaveLength(1);
    expect(someone.warnings[0]).toMatch(/^Shelfwise R207/);
  });
});

describe("the module", () => {
  it("missing", () => wrong(gone(/_bg\.wasm$/), "R101"));
  it("tampered with", () => wrong(flip(/_bg\.wasm$/), "R101"));
  it("truncated", () => wrong(cut(/_bg\.wasm$/, 9999), "R101"));
  it("refused by the page's policy", () =>
    wrong(
      (path, body) => (path === "/" ? body.toString().replaceAll(" 'wasm-unsafe-eval'", "") : body),
      "R100",
    ));
});

/** Makes an export of the module trap, from the nth call on. */
const trap = (page: Page, name: string, from = 1) =>
  page.addInitScript(
    ({ name, from }) => {
      const instantiate = WebAssembly.instantiate.bind(WebAssembly);
      let calls = 0;
      // The export is in one of the module's files.
      WebAssembly.instantiate = (async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
        const { exports } = await instantiate(module, imports);
        const real = exports[name] as ((...parameters: unknown[]) => unknown) | undefined;
        const trapping = (...parameters: unknown[]) => {
          if (++calls >= from) throw new WebAssembly.RuntimeError("unreachable");
          return real?.(...parameters);
        };
        return { exports: real ? { ...exports, [name]: trapping } : exports };
      }) as unknown as typeof WebAssembly.instantiate;
    },
    { name, from },
  );

/** A shopper whose homepage is personal, in a tab that is open on a product. */
async function known(): Promise<Page> {
  const page = await at.someone.context.newPage();
  await page.goto(`${at.shop.url}/c/garden-picnic/`);
  expect(await ready(page)).toBe(true);
  await accept(page);
  const links = await page.$$eval(".card a", (found) =>
    found.map((link) => (link as HTMLAnchorElement).href),
  );
  for (const link of links.slice(0, 3)) {
    await page.goto(link);
    expect(await ready(page)).toBe(true);
  }
  await decided(page, "home.row-1");
  // Nothing of this page is under way when the shop starts to lie.
  await page.goto("about:blank");
  return page;
}

describe("a trap in the module", () => {
  for (const name of ["module_core", "module_page", "module_decide", "module_fire"])
    it(`in ${name} leaves the page to the merchant`, async () => {
      const before = await plain();
      const page = await at.someone.context.newPage();
      await trap(page, name);
      await page.goto(at.shop.url);
      await stands(page, "R102", before);
    });

  it("gives a personal homepage back; after the second the module stays off for that pack", async () => {
    const before = await plain();
    const page = await known();
    await trap(page, "module_decide");
    await page.goto(at.shop.url);
    await stands(page, "R102", before);
    at.someone.warnings.length = 0;
    await page.goto(at.shop.url);
    await stands(page, "R103", before);
    at.someone.warnings.length = 0;
    // Without any trap now.
    const fresh = await at.someone.context.newPage();
    await page.close();
    await fresh.goto(at.shop.url);
    expect(await ready(fresh)).toBe(false);
    expect(at.someone.warnings).toHaveLength(1);
    expect(at.someone.warnings[0]).toMatch(/^Shelfwise R103/);
  });

  it("long after the start, in the middle of a click, reaches nobody", async () => {
    const page = await at.someone.context.newPage();
    await trap(page, "module_track", 2);
    await page.goto(`${at.shop.url}/c/garden-picnic/`);
    expect(await ready(page)).toBe(true);
    const before = await slots(page);
    for (const index of [0, 1, 2]) await page.locator(".card button.wish").nth(index).click();
    await page.waitForTimeout(300);
    expect(
      await page.evaluate(() => JSON.parse(localStorage.getItem("marigold:wishlist") ?? "[]").length),
    ).toBe(3);
    // The grid is a slot of its own, and the shop itself has pressed three of its buttons.
    const pressed = /remove_from_wishlist" aria-pressed="true"/g;
    const after = Object.entries(await slots(page)).map(([name, html]) => [
      name,
      html.replaceAll(pressed, 'add_to_wishlist" aria-pressed="false"'),
    ]);
    expect(Object.fromEntries(after)).toEqual(before);
    expect(at.someone.warnings).toHaveLength(1);
    expect(at.someone.warnings[0]).toMatch(/^Shelfwise R102/);
  });
});

describe("a returning shopper", () => {
  it("gets the last good pack while there is none to be had", async () => {
    const page = await known();
    at.shop.change = gone(/latest\.json/);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    expect(await page.textContent('[data-shelf-slot="home.hero"] h1')).toContain("the garden?");
    expect(at.someone.warnings).toHaveLength(1);
    expect(at.someone.warnings[0]).toMatch(/^Shelfwise R200/);
  });

  it("gets the merchant's page when the whole pack is gone", async () => {
    const before = await plain();
    const page = await known();
    at.shop.change = gone(/^\/pack\//);
    await page.goto(at.shop.url);
    await stands(page, "R200", before);
  });
});

describe("shards that cannot be had", () => {
  const rows = async (change: Change, code: string) => {
    at.shop.change = change;
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/p/22423/`);
    expect(await ready(page)).toBe(true);
    await page.waitForTimeout(700);
    // What is shown is whole: the merchant's row, or the six best sellers whose cards are in the core.
    const cards = await page.$$eval('[data-shelf-slot="product.cross-sell"] li', (found) =>
      found.map((card) => [card.querySelector("img")?.complete, (card.textContent ?? "").trim().length > 5]),
    );
    expect(cards).toEqual(Array(6).fill([true, true]));
    // One warning, however much more cannot be had; listeners hear of each.
    const heard = await page.evaluate(async () => {
      const codes: string[] = [];
      shelfwise.on("error", ({ code }) => codes.push(code));
      for (const item of ["85123A", "20725", "22502", "23311"])
        await shelfwise.recommend({ strategy: "bought-together", item });
      return codes;
    });
    expect(heard.length).toBeGreaterThan(0);
    expect(new Set(heard)).toEqual(new Set([code]));
    expect(at.someone.warnings).toHaveLength(1);
    expect(at.someone.warnings[0]).toMatch(new RegExp(`^Shelfwise ${code}`));
  };
  it("leave whole rows", () => rows(gone(/\/pack\/items-/), "R200"));
  it("leave whole rows when they were tampered with", () => rows(flip(/\/pack\/items-/), "R203"));
});

describe("storage", () => {
  it("blocked by the browser: the module works on the page alone", async () => {
    const shopper = await person({ profile: { default_content_setting_values: { cookies: 2 } } });
    const page = await shopper.open(at.shop.url);
    const access = await page.evaluate(() => {
      try {
        return String(localStorage);
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(access).toBe("SecurityError");
    expect(await ready(page)).toBe(true);
    await page.evaluate(() => {
      shelfwise.consent({ remember: true });
      shelfwise.track("view_item", { items: [{ item_id: "85123A" }] });
    });
    await page.waitForTimeout(700);
    expect((await remembered(page)).items.map(({ item }) => item)).toEqual(["85123A"]);
    await page.reload();
    expect(await ready(page)).toBe(true);
    expect((await remembered(page)).items).toEqual([]);
    expect(shopper.thrown).toEqual([]);
    expect(shopper.warnings).toEqual([]);
    await shopper.leave();
  });

  it("full: nothing is thrown, and what the shop writes is not hindered", async () => {
    const page = await at.someone.context.newPage();
    await page.goto(`${at.shop.url}/c/garden-picnic/`);
    expect(await ready(page)).toBe(true);
    await accept(page);
    const used = await page.evaluate(() => {
      let step = 4 << 20;
      let text = "";
      while (step >= 1) {
        try {
          localStorage.setItem("filler", text + "x".repeat(step));
          text += "x".repeat(step);
        } catch {
          step = Math.trunc(step / 2);
        }
      }
      return text.length;
    });
    for (const index of [0, 1, 2, 3]) await page.locator(".card a").nth(index).hover();
    const ids = await page.$$eval(".card", (cards) =>
      cards.map((card) => card.getAttribute("data-shelf-item")),
    );
    await page.evaluate((ids) => {
      for (const id of ids) shelfwise.track("view_item", { items: [{ item_id: String(id) }] });
    }, ids);
    await page.waitForTimeout(700);
    expect((await remembered(page)).items.map(({ item }) => item)).toContain(ids.at(-1));
    expect((await page.evaluate(() => shelfwise.decide(["category.banner"]))).length).toBe(1);
    // The shop frees some room and has all of it to itself but for our cap.
    await page.evaluate((used) => {
      localStorage.setItem("filler", "x".repeat(used - 110_000));
      for (let round = 0; round < 400; round++)
        shelfwise.track("view_item", { items: [{ item_id: `product-with-a-long-name-${round}` }] });
    }, used);
    await page.waitForTimeout(1000);
    const wrote = await page.evaluate(() => {
      localStorage.setItem("shop", "y".repeat(10_000));
      return localStorage.getItem("shop")?.length;
    });
    expect(wrote).toBe(10_000);
    expect((await keys(page)).length).toBeGreaterThan(1);
    expect(at.someone.warnings).toEqual([]);
  });
});
