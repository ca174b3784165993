import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launch, person, type Shopper, shopper } from "./browser.js";
import { type Shop, SITE, serve } from "./server.js";

/** What a file of tests stands on: the real shop, served, and a new shopper for each test. */
export interface Stand {
  readonly shop: Shop;
  readonly browser: Browser;
  /** Of each test a new one. Whatever a page of theirs threw fails the test. */
  readonly someone: Shopper;
}

/**
 * Sets the stand up for the tests of a file. With `tabs` each shopper has a browser of their own, whose tabs
 * behave as a person's do ({@link person}); it costs a second more a test.
 */
export function stand({ tabs = false } = {}): Stand {
  let browser: Browser | undefined;
  let shop: Shop | undefined;
  let someone: Shopper | undefined;
  beforeAll(async () => {
    if (!existsSync(`${SITE}index.html`)) throw new Error("run `cargo xtask demo --build-only` first");
    if (!tabs) browser = await launch();
    shop = await serve();
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });
  beforeEach(async () => {
    shop?.honest();
    someone = browser ? await shopper(browser) : await person();
  });
  afterEach(async () => {
    const thrown = someone?.thrown ?? [];
    await someone?.leave();
    expect(thrown).toEqual([]);
  });
  const there = <T>(thing: T | undefined): T => {
    if (!thing) throw new Error("asked for before the test began");
    return thing;
  };
  return {
    get shop() {
      return there(shop);
    },
    get browser() {
      return there(browser);
    },
    get someone() {
      return there(someone);
    },
  };
}
