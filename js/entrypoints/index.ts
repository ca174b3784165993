/** The npm entry: touches no `window` until it is called, so that it can be imported on a server. */

import start, { Module } from "#glue";
import type { Options, Shelfwise } from "../api.js";
import { loadModule } from "../load.js";
import { Runtime } from "../shelfwise.js";

export type * from "../api.js";
export type { ErrorCode } from "../errors.js";
export type { Card, Decision } from "../module.js";

/** Starts Shelfwise on this page. */
export function createShelfwise(options: Options): Shelfwise {
  return new Runtime(options, {
    module: () => loadModule(start, Module, new URL("./shelfwise_bg.wasm", import.meta.url), WASM_INTEGRITY),
    ed25519: async () => (await import("./ed25519.js")).verify,
    fresh: () => import("./fresh.js"),
    message: () => import("./message.js"),
    jsonLd: () => import("./json-ld.js"),
    marks: () => import("./marks.js"),
    inspect: () => import("./inspect.js"),
    docs: "shelfwise/dist/errors.md",
  });
}
