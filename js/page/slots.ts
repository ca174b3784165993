import type { Decision } from "../module.js";
import { fill, render } from "./render.js";
import { arrange, MARK, nameOf, refused, type Slot, swap } from "./swap.js";

/** What became of a decision for an element. */
export type Outcome = "shown" | "later" | "refused" | "empty" | "control";

/** Code of `pack::kinds::CampaignKind::Rerank`. */
const RERANK = 4;

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
 * Whether a change of an element could be seen or could move what is: something was painted, and the element begins
 * above the lower edge of the window, or the shopper's focus is in it.
 */
export function inView(element: Element): boolean {
  const painted =
    !globalThis.PerformanceObserver?.supportedEntryTypes?.includes("paint") ||
    performance.getEntriesByType("paint").length > 0;
  const focused = element.contains(document.activeElement);
  return focused || (painted && element.getBoundingClientRect().top <= innerHeight);
}

/** `campaign/variation` of a decision, or nothing for the merchant's own markup. */
export const brings = ({ tree, order, template, campaign, variation }: Decision): string =>
  tree || order || template ? `${campaign}/${variation}` : "";

/** What a decision brings, as nodes. */
export const content = (
  { tree, template, values = {} }: Decision,
  links: readonly string[],
): DocumentFragment => (template ? fill(template, values, links) : render(tree ? [tree] : [], links));

/** Brings nodes, given in the order of the document, into another order: each takes the place of another. */
function permute(blocks: readonly HTMLElement[], order: readonly HTMLElement[]): void {
  if (blocks.every((block, index) => block === order[index])) return;
  const focused = document.activeElement as HTMLElement | null;
  const places = blocks.map((block) => {
    const place = new Comment();
    block.replaceWith(place);
    return place;
  });
  for (const [index, block] of order.entries()) places[index]?.replaceWith(block);
  if (focused !== document.activeElement) focused?.focus({ preventScroll: true });
}

/** Puts the merchant's own markup back. */
export function restore(slot: Slot): void {
  const mark = slot[MARK];
  slot[MARK] = undefined;
  mark?.undo?.();
  const { blocks } = mark ?? {};
  if (!blocks?.length || blocks.some((block) => block.parentNode !== slot)) return;
  permute(
    [...blocks].sort((left, right) => (left.compareDocumentPosition(right) & 4 ? -1 : 1)),
    blocks,
  );
}

/**
 * Reorders the products of a grid that the server rendered. Each counts by its place in the merchant's order and by that among
 * those named, where it has one: the first of each for one, the second for a half, and so on, and `taste` 255ths of the sum are
 * of those named. Equals stay as the merchant has them, and no product goes. Products that are in view, or above it, keep
 * their places; the others change places among themselves.
 */
function rerank(slot: Slot, id: string, order: readonly string[], taste: number, force: boolean): Outcome {
  const products = ([...slot.children] as HTMLElement[]).filter(nameOf);
  const free = products.filter((each) => force || !inView(each));
  if (free.length < 2) return "later";
  // What the shop added since stands behind.
  const blocks = [...new Set([...(slot[MARK]?.blocks ?? []), ...products])];
  const score = (each: HTMLElement) => {
    const named = order.indexOf(nameOf(each) as string) + 1;
    return (named && taste / named) + (255 - taste) / (blocks.indexOf(each) + 1);
  };
  const wanted = (left: HTMLElement, right: HTMLElement) =>
    score(right) - score(left) || blocks.indexOf(left) - blocks.indexOf(right);
  permute(free, [...free].sort(wanted));
  slot[MARK] = { id, blocks, keep: Object };
  return "shown";
}

/**
 * Gives a slot what was decided for it, unless that would change what is in view after it was painted: then it
 * waits for the next page view. `force` changes it whatever is seen (the inspector does). `nodes` are what is shown of
 * a decision that brings nodes.
 */
export function show(
  slot: Slot,
  decision: Decision,
  links: readonly string[],
  force = false,
  nodes?: DocumentFragment,
): Outcome {
  const id = brings(decision);
  const { order, kind, taste = 255 } = decision;
  if (order && kind === RERANK) return rerank(slot, id, order, taste, force);
  if ((slot[MARK]?.id ?? "") === id && !force) return id ? "shown" : "control";
  if (!force && inView(slot)) return "later";
  restore(slot);
  if (refused(slot)) return "refused";
  if (order) arrange(slot, id, order);
  else if (id) swap(slot, id, nodes ?? content(decision, links));
  return slot[MARK] ? "shown" : id ? "empty" : "control";
}

/** Gives the whole page back to the merchant. */
export function restoreAll(): void {
  for (const slot of slots().keys()) restore(slot);
}
