import { describe, expect, it } from "vitest";
import { stand } from "./stand.js";
import { accept, type Running, ready, remembered } from "./visit.js";

declare const shelfwise: Running;

/** Prerendering needs a browser as a person has it. */
const at = stand({ tabs: true });

describe("a prerendered page", () => {
  it("counts nothing until it is shown, and then once", async (test) => {
    // The shop's policy allows no rules in the page.
    at.shop.change = (path, body) =>
      /\.\w+$/.test(path)
        ? body
        : body.toString().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    const page = await at.someone.open(at.shop.url);
    expect(await ready(page)).toBe(true);
    await accept(page);
    const before = (await remembered(page)).visit.pages;
    await page.evaluate(() => {
      const rules = document.createElement("script");
      rules.type = "speculationrules";
      rules.textContent = JSON.stringify({ prerender: [{ source: "list", urls: ["/c/christmas/"] }] });
      document.head.append(rules);
    });
    await page.waitForTimeout(2500);
    if (!at.shop.requests.some(({ url }) => url === "/c/christmas/"))
      test.skip("this browser prerenders nothing");
    expect((await remembered(page)).visit.pages).toBe(before);
    await page.evaluate(() => {
      location.href = "/c/christmas/";
    });
    await page.waitForURL("**/c/christmas/");
    expect(await ready(page)).toBe(true);
    const shown = await page.evaluate(
      () =>
        (performance.getEntriesByType("navigation")[0] as unknown as { activationStart: number })
          .activationStart,
    );
    if (shown === 0) test.skip("this browser loaded the page anew");
    expect((await remembered(page)).visit.pages).toBe(before + 1);
    await page.evaluate(() => shelfwise.track("search", { search_term: "tree" }));
    expect((await remembered(page)).events.filter(({ event }) => event === "search")).toHaveLength(1);
  });
});
