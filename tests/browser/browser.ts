import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Starts Chromium with nothing of its own on the network. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.SHELFWISE_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** One shopper: a browser context, and everything that a page of it said or threw. */
export interface Shopper {
  readonly context: BrowserContext;
  readonly warnings: string[];
  readonly thrown: string[];
  open(url: string): Promise<Page>;
}

/** What the page's global is. */
export interface Running {
  ready: Promise<boolean>;
  consent(choice: { remember: boolean; personalise?: boolean }): void;
  export(): Promise<unknown>;
  push(...calls: unknown[]): void;
}

/** A new shopper, in London on a desk. */
export async function shopper(browser: Browser): Promise<Shopper> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/London",
  });
  const warnings: string[] = [];
  const thrown: string[] = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (message.text().startsWith("Shelfwise ")) warnings.push(message.text());
    });
    page.on("pageerror", (error) => thrown.push(String(error)));
  });
  return {
    context,
    warnings,
    thrown,
    async open(url) {
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(url);
      return page;
    },
  };
}

/** Whether the module of a page came to run. */
export async function ready(page: Page): Promise<boolean> {
  await page.waitForFunction(() => "ready" in ((window as { shelfwise?: object }).shelfwise ?? {}));
  return page.evaluate(() => (window as unknown as { shelfwise: Running }).shelfwise.ready);
}

/** Keys of ours in local storage. */
export const keys = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("shelfwise:")));
