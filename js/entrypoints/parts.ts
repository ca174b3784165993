import type { Assets } from "../shelfwise.js";

/** What the npm entries load when a page needs it. */
export const parts: Omit<Assets, "module"> = {
  ed25519: async () => (await import("./ed25519.js")).verify,
  fresh: () => import("./fresh.js"),
  message: () => import("./message.js"),
  jsonLd: () => import("./json-ld.js"),
  marks: () => import("./marks.js"),
  inspect: () => import("./inspect.js"),
  docs: "shelfwise/dist/errors.md",
};
