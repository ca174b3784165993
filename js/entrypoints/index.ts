/** The npm entry: touches no `window` until it is called, so that it can be imported on a server. */

import start, { Module } from "#glue";
import type { Options, Shelfwise } from "../api.js";
import { loadModule } from "../load.js";
import { Runtime } from "../shelfwise.js";
import { parts } from "./parts.js";

export type * from "../api.js";
export type { ErrorCode } from "../errors.js";
export type { Card, Decision } from "../module.js";

/** Starts Shelfwise on this page. */
export function createShelfwise(options: Options): Shelfwise {
  return new Runtime(options, {
    ...parts,
    module: () => loadModule(start, Module, new URL("./shelfwise_bg.wasm", import.meta.url), WASM_INTEGRITY),
  });
}
