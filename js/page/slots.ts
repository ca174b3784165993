import type { Decision } from "../module.js";
import { render } from "./render.js";
import { arrange, MARK, refused, type Slot, swap } from "./swap.js";

/** What became of a decision for an element. */
export type Outcome = "shown" | "later" | "refused" | "control";

/** Every element of the page that is a slot, with its name. */
export function slots(): Map<Slot, string> {
  const found = new Map<Slot, string>();
  for (const slot of document.querySelectorAll<Slot>("[data-shelf-slot]")) {
    const name = slot.dataset.shelfSlot;
    if (name) found.set(slot, name);
  }
  return found;
}

/**
 * Whether a change of the slot could be seen or could move what is: something was painted, and the slot begins
 * above the lower edge of the window, or the shopper's focus is in it.
 */
function inView(slot: Slot): boolean {
  const painted =
    !globalThis.PerformanceObserver?.supportedEntryTypes?.includes("paint") ||
    performance.getEntriesByType("paint").length > 0;
  const focused = slot.contains(document.activeElement);
  return focused || (painted && slot.getBoundingClientRect().top <= innerHeight);
}

/** `campaign/variation` of a decision, or nothing for the merchant's own markup. */
export const brings = (decision: Decision): string =>
  decision.tree || decision.order ? `${decision.campaign}/${decision.variation}` : "";

/** Puts the merchant's own markup back. */
export function restore(slot: Slot): void {
  const mark = slot[MARK];
  slot[MARK] = undefined;
  mark?.undo?.();
  const { blocks } = mark ?? {};
  if (!blocks?.length || blocks.some((block) => block.parentNode !== slot)) return;
  const focused = document.activeElement as HTMLElement | null;
  const places = blocks
    .map((block) => ({ block, place: new Comment() }))
    .sort((left, right) => (left.block.compareDocumentPosition(right.block) & 4 ? -1 : 1));
  for (const { block, place } of places) block.replaceWith(place);
  for (const [index, block] of blocks.entries()) places[index]?.place.replaceWith(block);
  if (focused !== document.activeElement) focused?.focus({ preventScroll: true });
}

/**
 * Gives a slot what was decided for it, unless that would change what is in view after it was painted: then it
 * waits for the next page view. `force` changes it whatever is seen (the inspector does).
 */
export function show(slot: Slot, decision: Decision, links: readonly string[], force = false): Outcome {
  const id = brings(decision);
  if ((slot[MARK]?.id ?? "") === id && !force) return id ? "shown" : "control";
  if (!force && inView(slot)) return "later";
  restore(slot);
  if (refused(slot)) return "refused";
  if (decision.tree) swap(slot, id, render([decision.tree], links));
  else if (decision.order) arrange(slot, id, decision.order);
  return slot[MARK] ? "shown" : decision.tree ? "refused" : "control";
}

/** Gives the whole page back to the merchant. */
export function restoreAll(): void {
  for (const slot of slots().keys()) restore(slot);
}
