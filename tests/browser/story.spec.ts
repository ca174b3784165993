import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { shopper } from "./browser.js";
import { type Shown, watchFrames } from "./frames.js";
import { type Asked, SITE } from "./server.js";
import { stand } from "./stand.js";
import { accept, decided, keys, productsOf, ready, remembered } from "./visit.js";

const at = stand();

/** A first visit, from the banner to a basket; returns the products looked at. */
async function visit(page: Page, category: string): Promise<[string, string, string]> {
  const { url } = at.shop;
  await page.goto(`${url}${category}`);
  expect(await ready(page)).toBe(true);
  if (!(await keys(page)).length) await accept(page);
  const [lingered = "", wished = "", bought = ""] = await productsOf(page);
  await page.click(`.card[data-shelf-item="${lingered}"] a`);
  await page.waitForURL(`**/p/${lingered}/`);
  expect(await ready(page)).toBe(true);
  await page.mouse.move(300, 300);
  await page.waitForTimeout(2600);
  await page.goto(`${url}/p/${wished}/`);
  expect(await ready(page)).toBe(true);
  await page.click('.buy [data-do="wish"]');
  await page.goto(`${url}/p/${bought}/`);
  expect(await ready(page)).toBe(true);
  await page.click('.buy [data-do="cart"]');
  await decided(page, "home.row-1");
  return [lingered, wished, bought];
}

/** Comes back to the homepage in a new tab, after the old one is closed. */
async function comeBack(page: Page): Promise<{ page: Page; shown: Shown }> {
  const { context } = at.someone;
  await page.close({ runBeforeUnload: true });
  while (context.pages().length) await new Promise((later) => setTimeout(later, 20));
  const home = await context.newPage();
  await watchFrames(home);
  await home.goto(at.shop.url);
  expect(await ready(home)).toBe(true);
  await home.waitForTimeout(700);
  return { page: home, shown: await home.evaluate(() => window.shown) };
}

const title = (page: Page, slot: string) => page.textContent(`[data-shelf-slot="${slot}"] :is(h1,h2)`);
const rowOf = (page: Page, slot: string): Promise<string[]> =>
  page.$$eval(`[data-shelf-slot="${slot}"] [data-shelf-item]`, (cards) =>
    cards.map((card) => card.getAttribute("data-shelf-item") ?? ""),
  );
const blocks = (page: Page) =>
  page.$$eval("[data-shelf-block]", (found) => found.map((block) => block.getAttribute("data-shelf-block")));

describe("the story", { timeout: 60_000 }, () => {
  it("ends on a homepage that is the shopper's own in its first frame", async () => {
    const first = await at.someone.context.newPage();
    await first.goto(at.shop.url);
    const [hero, order] = [await title(first, "home.hero"), await blocks(first)];
    const [lingered, wished, bought] = await visit(first, "/c/garden-picnic/");

    const memory = await remembered(first);
    const item = memory.items.find((each) => each.item === lingered);
    expect(item?.views).toBe(1);
    expect(item?.engaged_ms).toBeGreaterThan(1500);
    expect(item?.engaged_ms).toBeLessThan(8000);
    expect(memory.wishlist.map((wish) => wish.item)).toEqual([wished]);
    expect(memory.cart.map((line) => line.item)).toEqual([bought]);

    const { page, shown } = await comeBack(first);
    expect(await title(page, "home.hero")).toContain("the garden?");
    expect(await title(page, "home.hero")).not.toBe(hero);
    expect(await blocks(page)).toEqual(["garden", "kitchen", "craft", "christmas"]);
    expect(await blocks(page)).not.toEqual(order);
    expect(await title(page, "home.row-1")).toBe("Picked for you");
    const row = await rowOf(page, "home.row-1");
    expect(row).toHaveLength(8);
    expect(row).not.toContain(bought);
    expect(await title(page, "home.row-2")).toBe("Where you left off");
    expect(await rowOf(page, "home.row-2")).toEqual(expect.arrayContaining([lingered, wished, bought]));

    // Every frame that showed a slot showed the shopper's own, and nothing in view moved.
    for (const frame of shown.frames) {
      if ("home.hero" in frame) expect(frame["home.hero"]).toContain("the garden?");
      if ("home.row-1" in frame) expect(frame["home.row-1"]).toMatch(/^Picked for you/);
      if ("home.blocks" in frame) expect(frame["home.blocks"]).toMatch(/^Out in the garden/);
    }
    expect(shown.frames.length).toBeGreaterThan(0);
    expect(shown.shift).toBe(0);
    expect(shown.disturbed).toEqual([]);
    expect(at.someone.warnings).toEqual([]);

    // Somebody else's row is another.
    const other = await shopper(at.browser);
    const theirs = await other.context.newPage();
    await visit(theirs, "/c/christmas/");
    await theirs.goto(at.shop.url);
    expect(await title(theirs, "home.row-1")).toBe("Picked for you");
    const common = (await rowOf(theirs, "home.row-1")).filter((product) => row.includes(product));
    expect(common.length).toBeLessThanOrEqual(5);
    await other.leave();
  });

  it("is seen by the same frames to begin with the shop's own where the boot snippet is missing", async () => {
    const first = await at.someone.context.newPage();
    await visit(first, "/c/garden-picnic/");
    at.shop.change = (path, body) =>
      path === "/" ? body.toString().replace(/<script data-shop=.*<\/script>/, "") : body;
    const { shown } = await comeBack(first);
    expect(shown.frames[0]?.["home.hero"]).toContain("Small things that make a house yours");
    expect(shown.disturbed).toEqual([]);
  });
});

/** Headers that browsers send of themselves. */
const HEADERS =
  /^(host|connection|user-agent|accept(-language|-encoding)?|sec-.+|upgrade-insecure-requests|referer|origin|if-none-match|if-modified-since|cache-control|pragma|priority|dnt)$/;

const ours = ({ url }: Asked) => /^\/(pack|shelfwise)\//.test(url);

/** What the module or its script asked for, as opposed to the tag in the page. */
const fetched = (asked: Asked) => ours(asked) && !asked.url.endsWith("/shelfwise.js");

describe("nothing leaves", { timeout: 60_000 }, () => {
  it("in any request of the whole story", async () => {
    const { someone, shop } = at;
    const abroad: string[] = [];
    someone.context.on("request", (request) => {
      if (!request.url().startsWith(`${shop.url}/`)) abroad.push(request.url());
    });
    const first = await someone.context.newPage();
    first.on("websocket", (socket) => abroad.push(socket.url()));
    await first.goto(`${shop.url}/privacy/`);
    await accept(first);
    await first.fill('#privacy-name [name="first_name"]', "Quillemma");
    await first.click("#privacy-name button");
    const anonymous = shop.requests.filter(fetched).length;
    const looked = await visit(first, "/c/garden-picnic/");
    const memory = await remembered(first);
    expect(memory.profile.first_name).toBe("Quillemma");
    const { page } = await comeBack(first);
    await page.mouse.wheel(0, 3000);
    await page.waitForTimeout(300);

    expect(abroad).toEqual([]);
    const files = new Set((await readdir(join(SITE, "pack"))).map((name) => `/pack/${name}`));
    const secrets = ["Quillemma", memory.profile.unit, encodeURIComponent(memory.profile.unit)];
    for (const asked of shop.requests) {
      const { method, url, headers, body } = asked;
      expect({ method, body }).toEqual({ method: "GET", body: "" });
      expect(url).toMatch(/^\/[\w./-]*(\?[0-9a-f]+)?$/);
      for (const [name, value] of Object.entries(headers)) {
        expect(name).toMatch(HEADERS);
        for (const secret of secrets) expect(`${url} ${value}`).not.toContain(secret);
      }
      if (url.startsWith("/pack/")) expect(files).toContain(url);
      if (fetched(asked)) {
        // A part that the script loads names the script, and no page.
        const script = `${shop.url}/shelfwise/shelfwise.js`;
        expect(headers.referer ?? script).toBe(script);
        // Products are named by the shopper's own page views alone.
        for (const product of looked) expect(JSON.stringify(asked)).not.toContain(product);
      }
    }
    // A request of a known shopper is, byte for byte, the request of anybody.
    const kinds = new Map<string, Set<string>>();
    const requests = shop.requests.filter(fetched);
    for (const { url, headers } of requests) {
      const kind = url.replace(/-.*/, "");
      const { host: _, ...sent } = headers;
      const known = kinds.get(kind) ?? new Set();
      kinds.set(kind, known.add(JSON.stringify(sent)));
    }
    for (const [kind, sent] of kinds) expect([kind, sent.size]).toEqual([kind, 1]);
    expect(requests.length).toBeGreaterThan(anonymous);
    expect([...kinds.keys()]).toEqual(
      expect.arrayContaining(["/pack/latest.json", "/pack/items", "/pack/core"]),
    );
    expect((await someone.context.cookies()).length).toBe(0);
    expect((await keys(page)).length).toBeGreaterThan(0);
  });
});
