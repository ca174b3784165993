import { expect } from "vitest";
import type { Shelfwise } from "../../js/api.js";
import type { QueuedCall } from "../../js/queue.js";
import type { Scene } from "../../js/scene.js";
import type { Tab } from "../browsers/tab.js";

/** The parts of an export that tests look at. */
export interface Remembered {
  consent: number;
  profile: { visits: number; unit: string; first_name: string };
  visit: { pages: number; engaged_ms: number };
  cart: { item: string; quantity: number }[];
  wishlist: { item: string }[];
  items: { item: string; category: string; views: number; engaged_ms: number }[];
  events: {
    event: string;
    at: number;
    item?: string;
    text?: string;
    engaged_ms?: number;
    quantity?: number;
  }[];
}

/** The global `shelfwise` of a page where it runs: files of tests declare it for what they evaluate there. */
export type Running = Shelfwise & {
  push(...calls: QueuedCall[]): void;
  scene(): Promise<Scene | undefined>;
};

declare const shelfwise: Running;

/** Whether the module of a page came to run. */
export async function ready(page: Tab): Promise<boolean> {
  await page.waitForFunction(() => "ready" in ((globalThis as { shelfwise?: object }).shelfwise ?? {}));
  return page.evaluate(() => shelfwise.ready);
}

/** Keys of ours in local storage. */
export const keys = (page: Tab): Promise<string[]> =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("shelfwise:")));

/** Everything remembered, as the page's shopper can export it. */
export async function remembered(page: Tab): Promise<Remembered> {
  const all = await page.evaluate(() => shelfwise.export() as Promise<Remembered | null>);
  if (!all) throw new Error("the module does not run");
  return all;
}

/** Says yes in the shop's own banner. */
export async function accept(page: Tab): Promise<void> {
  await page.click('[data-do="consent-yes"]');
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => /^shelfwise:.*:epoch$/.test(key)));
}

/** Waits until the next homepage is decided; `part` is a text that its payload must hold. */
export const decided = (page: Tab, part = "campaign") =>
  page.waitForFunction(
    (part) =>
      Object.entries(localStorage).some(
        ([key, value]) => /^shelfwise:.*:boot$/.test(key) && (part === "campaign" || value.includes(part)),
      ),
    part,
  );

/** What each slot of the page holds: its markup. */
export const slots = (page: Tab): Promise<Record<string, string>> =>
  page.evaluate(() => {
    const found = [...document.querySelectorAll("[data-shelf-slot]")];
    return Object.fromEntries(found.map((slot) => [slot.getAttribute("data-shelf-slot"), slot.innerHTML]));
  });

/** Ids of products of a category page, best sellers first. */
export const productsOf = (page: Tab): Promise<string[]> =>
  page.evaluate(() => {
    const cards = [...document.querySelectorAll(".card[data-shelf-item]")];
    return cards.map((card) => card.getAttribute("data-shelf-item") as string);
  });

/** Looks at a department and at its first three products, having said yes. */
export async function browse(page: Tab, url: string): Promise<void> {
  await page.goto(`${url}/c/garden-picnic/`);
  expect(await ready(page)).toBe(true);
  await accept(page);
  for (const product of (await productsOf(page)).slice(0, 3)) {
    await page.goto(`${url}/p/${product}/`);
    expect(await ready(page)).toBe(true);
  }
}
