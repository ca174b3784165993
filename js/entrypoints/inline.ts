/** The npm entry for bundlers that do not follow `new URL(…, import.meta.url)`: the module is in the text. */

import start, { Module } from "#glue";
import type { Options, Shelfwise } from "../api.js";
import { base64 } from "../pack/signature.js";
import { Runtime } from "../shelfwise.js";

export type * from "../api.js";
export type { ErrorCode } from "../errors.js";
export type { Card, Decision } from "../module.js";

/** Starts Shelfwise on this page. */
export function createShelfwise(options: Options): Shelfwise {
  return new Runtime(options, {
    module: async () => {
      await start({ module_or_path: base64(WASM_BASE64) });
      return Module;
    },
    ed25519: async () => (await import("./ed25519.js")).verify,
    fresh: () => import("./fresh.js"),
    message: () => import("./message.js"),
    jsonLd: () => import("./json-ld.js"),
    marks: () => import("./marks.js"),
    inspect: () => import("./inspect.js"),
    docs: "shelfwise/dist/errors.md",
  });
}
