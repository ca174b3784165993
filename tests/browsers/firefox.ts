import puppeteer from "puppeteer-core";
import type { OtherBrowser, Tab } from "./tab.js";

/** Starts a Firefox, driven by WebDriver BiDi, with a profile of its own that ends with it. */
export async function firefox(): Promise<OtherBrowser> {
  const executablePath = process.env.SHELFWISE_FIREFOX ?? "/usr/bin/firefox-esr";
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  return {
    async open() {
      const page = await browser.newPage();
      await page.bringToFront();
      const evaluate = (look: (argument: unknown) => unknown, argument?: unknown) =>
        page.evaluate(look, argument);
      return {
        evaluate: evaluate as Tab["evaluate"],
        goto: (url) => page.goto(url),
        click: (selector) => page.click(selector),
        waitForFunction: (look: (argument: never) => unknown, argument?: unknown) =>
          page.waitForFunction(look as (argument: unknown) => unknown, {}, argument),
        close: () => page.close(),
      };
    },
    leave: () => browser.close(),
  };
}
