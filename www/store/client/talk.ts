/** How the shop tells others what happened: a GA4 data layer and Shelfwise's own queue, as on a real shop's pages. */

import { element, type Line, type Thing } from "./state.js";

/** The parts of Shelfwise's interface that the shop calls. */
export interface Shelfwise {
  push(call: readonly unknown[]): unknown;
  export?(): unknown;
  forget?(): unknown;
}

declare global {
  interface Window {
    dataLayer?: unknown[];
    shelfwise?: Shelfwise | unknown[];
  }
}

/** Shelfwise once it is loaded, or the queue that it empties then. */
export function shelfwise(): Shelfwise {
  window.shelfwise ??= [];
  return window.shelfwise as Shelfwise;
}

function items(lines: ReadonlyArray<Thing & { quantity?: number }>): unknown[] {
  return lines.map((line) => ({
    item_id: line.id,
    item_name: line.title,
    item_brand: line.brand || undefined,
    item_category: line.category,
    price: line.price,
    quantity: line.quantity ?? 1,
  }));
}

/** Pushes a GA4 ecommerce event onto the data layer. */
export function dataLayer(
  event: string,
  lines: ReadonlyArray<Thing & { quantity?: number }>,
  more: object = {},
): void {
  window.dataLayer ??= [];
  const value = lines.reduce((sum, line) => sum + line.price * (line.quantity ?? 1), 0);
  window.dataLayer.push({ ecommerce: null });
  window.dataLayer.push({
    event,
    ecommerce: { currency: "GBP", value: Number(value.toFixed(2)), items: items(lines), ...more },
  });
}

/** Tells Shelfwise directly, through its queue. */
export function track(event: string, lines: readonly Line[]): void {
  shelfwise().push(["track", event, { currency: "GBP", items: items(lines) }]);
}

/** Opens the shop's pretend chat, once a page: what a campaign's event asks for. */
export function openChat(): void {
  if (document.querySelector(".chat")) {
    return;
  }
  const close = element("button", { class: "link", type: "button" }, "No, thank you");
  const chat = element(
    "aside",
    { class: "chat", role: "status", "aria-label": "Chat" },
    element(
      "p",
      {},
      element("strong", {}, "Wren from the counter: "),
      "is there anything you would like to know?",
    ),
    element("p", {}, close),
  );
  close.addEventListener("click", () => chat.remove());
  document.body.append(chat);
}
