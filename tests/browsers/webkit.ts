import { type ChildProcess, spawn } from "node:child_process";
import { Builder, By, Capabilities, type WebDriver } from "selenium-webdriver";
import type { OtherBrowser, Tab } from "./tab.js";

const DRIVER = process.env.SHELFWISE_WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver";

/** Starts a program and waits for what it says that matches. */
async function start(
  command: string,
  parameters: string[],
  stream: "stdout" | "stderr" | undefined,
  environment: Record<string, string> = {},
): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(command, parameters, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", stream === "stdout" ? "pipe" : "ignore", stream === "stderr" ? "pipe" : "ignore"],
  });
  const said = await new Promise<string>((found, lost) => {
    child.once("error", lost);
    child.once("exit", (code) => lost(new Error(`${command} ended with ${code}`)));
    if (stream) child[stream]?.once("data", (part) => found(String(part).trim()));
    else child.once("spawn", () => found(""));
  });
  return { child, said };
}

/** WebKitGTK's own small browser, on a screen that nobody sees. */
export async function webkit(): Promise<OtherBrowser> {
  const screen = await start("Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], "stdout");
  const port = 20_000 + (process.pid % 20_000);
  const environment = { DISPLAY: `:${screen.said}`, TZ: "Europe/London", LANG: "en_GB.UTF-8" };
  const served = await start(DRIVER, [`--port=${port}`, "--host=127.0.0.1"], undefined, environment);
  const driver = await session(port);
  return {
    async open() {
      await driver.switchTo().newWindow("window");
      return tab(driver, await driver.getWindowHandle());
    },
    async leave() {
      await driver.quit();
      served.child.kill();
      screen.child.kill();
    },
  };
}

/** A session, as soon as the driver listens. */
async function session(port: number): Promise<WebDriver> {
  const capabilities = new Capabilities({ browserName: "MiniBrowser" });
  for (let tried = 0; ; tried++)
    try {
      return await new Builder()
        .usingServer(`http://127.0.0.1:${port}`)
        .withCapabilities(capabilities)
        .build();
    } catch (error) {
      if (tried === 50) throw error;
      await new Promise((later) => setTimeout(later, 100));
    }
}

/** One tab of a driver that looks at one at a time. */
function tab(driver: WebDriver, handle: string): Tab & { close(): Promise<void> } {
  const here = () => driver.switchTo().window(handle);
  const evaluate = async <R>(look: (argument: never) => R | Promise<R>, argument?: unknown): Promise<R> => {
    await here();
    const answer = await driver.executeAsyncScript<{ value?: R; error?: string }>(
      `const done = arguments[1];
       (async () => (${look})(arguments[0]))().then(
         (value) => done({ value }),
         (error) => done({ error: String(error) }),
       );`,
      argument ?? null,
    );
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as R;
  };
  return {
    evaluate,
    async goto(url) {
      await here();
      await driver.get(url);
    },
    async click(selector) {
      await here();
      await driver.findElement(By.css(selector)).click();
    },
    async waitForFunction(look: (argument: never) => unknown, argument?: unknown) {
      await driver.wait(async () => Boolean(await evaluate(look, argument)), 20_000);
    },
    async close() {
      await here();
      await driver.close();
      const [other] = await driver.getAllWindowHandles();
      if (other) await driver.switchTo().window(other);
    },
  };
}
