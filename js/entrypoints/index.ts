/** The npm entry: touches no `window` until it is called, so that it can be imported on a server. */

import start from "#glue";
import type { Options, Shelfwise } from "../api.js";
import { moduleFile } from "../load.js";
import { Runtime } from "../shelfwise.js";
import { parts } from "./parts.js";

export type * from "../api.js";
export type { ErrorCode } from "../errors.js";
export type { Card, Decision } from "../module.js";

/** The files of the module, each where bundlers look for it. */
const files = [
  () => moduleFile(new URL("./shelfwise_bg.wasm", import.meta.url), WASM_INTEGRITY)(),
  () => moduleFile(new URL("./shelfwise_products_bg.wasm", import.meta.url), PRODUCTS_INTEGRITY)(),
  () => moduleFile(new URL("./shelfwise_rest_bg.wasm", import.meta.url), REST_INTEGRITY)(),
];

/** Starts Shelfwise on this page. */
export function createShelfwise(options: Options): Shelfwise {
  return new Runtime(options, {
    ...parts,
    module: (count) => start(...files.slice(0, count)),
  });
}
