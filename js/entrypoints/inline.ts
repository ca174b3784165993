/** The npm entry for bundlers that do not follow `new URL(…, import.meta.url)`: the whole module is in the text. */

import start from "#glue";
import type { Options, Shelfwise } from "../api.js";
import { base64 } from "../pack/signature.js";
import { Runtime } from "../shelfwise.js";
import { parts } from "./parts.js";

export type * from "../api.js";
export type { ErrorCode } from "../errors.js";
export type { Card, Decision } from "../module.js";

/** Starts Shelfwise on this page. */
export function createShelfwise(options: Options): Shelfwise {
  return new Runtime(options, {
    ...parts,
    module: () => start(async () => base64(WASM_BASE64)),
  });
}
