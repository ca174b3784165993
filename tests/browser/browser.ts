import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

const CHROMIUM = process.env.SHELFWISE_CHROMIUM ?? "/usr/bin/chromium";

/** Nothing of the browser's own on the network. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a Chromium for many shoppers, each of whom has the window that is looked at. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** One shopper: a browser context, and everything that a page of it said or threw. */
export interface Shopper {
  readonly context: BrowserContext;
  /** Console lines of ours. */
  readonly warnings: string[];
  /** Errors and rejections that nobody caught, and what the page's policy refused. */
  readonly thrown: string[];
  open(url: string): Promise<Page>;
  leave(): Promise<void>;
}

function listen(context: BrowserContext): Shopper {
  const warnings: string[] = [];
  const thrown: string[] = [];
  const follow = (page: Page) => {
    page.on("console", (message) => {
      const text = message.text();
      if (text.startsWith("Shelfwise ")) warnings.push(text);
    });
    page.on("pageerror", (error) => thrown.push(String(error)));
  };
  context.pages().forEach(follow);
  context.on("page", follow);
  return {
    context,
    warnings,
    thrown,
    async open(url) {
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(url);
      return page;
    },
    leave: () => context.close(),
  };
}

/** A new shopper, in London on a desk. */
export async function shopper(browser: Browser, options: BrowserContextOptions = {}): Promise<Shopper> {
  return listen(
    await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      timezoneId: "Europe/London",
      ...options,
    }),
  );
}

/**
 * A shopper with a browser of their own in which tabs really hide one another, lose the focus and go to the
 * back/forward cache: what test drivers otherwise prevent. `preferences` are Chromium's own.
 */
export async function person(preferences: object = {}): Promise<Shopper> {
  const profile = await mkdtemp(join(tmpdir(), "shelfwise-browser-"));
  await mkdir(join(profile, "Default"));
  await writeFile(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const flags = [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const child = spawn(CHROMIUM, flags, { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise<string>((found, lost) => {
    let said = "";
    child.stderr.on("data", (part) => {
      said += part;
      const [url] = /ws:\/\/\S+/.exec(said) ?? [];
      if (url) found(url);
    });
    child.once("exit", () => lost(new Error(`Chromium ended: ${said}`)));
  });
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  const [context] = browser.contexts();
  if (!context) throw new Error("Chromium has no context");
  return {
    ...listen(context),
    async leave() {
      const ended = new Promise((done) => child.once("exit", done));
      await browser.newBrowserCDPSession().then((session) => session.send("Browser.close"));
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
