/** The script tag: starts from its own attributes, and takes over the queue `window.shelfwise`. */

import start from "#glue";
import type { Options } from "../api.js";
import { moduleFile } from "../load.js";
import { tagOptions } from "../options.js";
import { type QueuedCall, replay } from "../queue.js";
import { Runtime } from "../shelfwise.js";

const script = document.currentScript as HTMLScriptElement | null;
const base = new URL(".", script?.src || location.href);
const page = window as unknown as { shelfwise?: unknown };
const early = Array.isArray(page.shelfwise) ? (page.shelfwise as QueuedCall[]) : [];

const file = (name: string, integrity: string) => moduleFile(new URL(name, base), integrity);
const files = [
  file("shelfwise_bg.wasm", WASM_INTEGRITY),
  file("shelfwise_products_bg.wasm", PRODUCTS_INTEGRITY),
  file("shelfwise_rest_bg.wasm", REST_INTEGRITY),
];
const chunk = (name: string) => import(new URL(name, base).href);

if (Array.isArray(page.shelfwise) || !page.shelfwise) {
  const told = early.filter((call) => call?.[0] === "options").map((call) => call[1] as Partial<Options>);
  const runtime = new Runtime(Object.assign(tagOptions(script), ...told), {
    module: (count) => start(...files.slice(0, count)),
    ed25519: async () => (await chunk("ed25519.js")).verify,
    fresh: () => chunk("fresh.js"),
    message: () => chunk("message.js"),
    jsonLd: () => chunk("json-ld.js"),
    marks: () => chunk("marks.js"),
    inspect: () => chunk("inspect.js"),
    docs: new URL("errors.md", base).href,
  });
  page.shelfwise = Object.assign(runtime, {
    push: (...calls: QueuedCall[]) => replay(runtime, calls),
  });
  replay(runtime, early);
}
