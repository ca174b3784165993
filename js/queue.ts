import type { Shelfwise } from "./api.js";

/** A call made before the script was there: `["track", "add_to_cart", {…}]`. */
export type QueuedCall = [method: string, ...parameters: unknown[]];

const METHODS = ["track", "consent", "profile", "custom", "answer", "forget", "page", "on"] as const;

/** Makes calls of the queue's form; anything else is passed over. */
export function replay(api: Shelfwise, calls: readonly unknown[]): void {
  for (const call of calls) {
    if (!Array.isArray(call)) continue;
    const [method, ...parameters] = call as QueuedCall;
    const name = METHODS.find((each) => each === method);
    if (name) (api[name] as (...parameters: unknown[]) => unknown)(...parameters);
  }
}
