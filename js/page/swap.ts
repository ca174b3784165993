/** What was done to a slot, kept on the slot's element so that boot, engine and inspector agree. */
export interface Mark {
  /** `campaign/variation`. */
  id: string;
  /** Takes in what the parser or a script added since. */
  keep(): void;
  /** Of a swap: puts the merchant's own markup back. */
  undo?(): void;
  /** Of an arrangement: the blocks as the merchant ordered them. */
  blocks?: HTMLElement[];
}

/** Property of a slot's element that holds its {@link Mark}; present but undefined after an undo. */
export const MARK = Symbol.for("shelfwise");

export type Slot = HTMLElement & { [MARK]?: Mark | undefined };

/** Slots that hold what a shopper types into are refused. */
export const refused = (node: ParentNode): boolean =>
  !!node.querySelector("form,input,select,textarea,[contenteditable]");

/**
 * Shows the nodes of `stash` instead of the merchant's markup, which waits in it; markup that the parser is still
 * adding follows it there. Gives everything back when a form control turns up in it. Nothing to show changes nothing.
 */
export function swap(slot: Slot, id: string, stash: DocumentFragment): void {
  const shown = [...stash.childNodes];
  if (!shown.length) return;
  const keep = () => {
    stash.append(...[...slot.childNodes].filter((node) => !shown.includes(node)));
    if (refused(stash)) undo();
  };
  const undo = () => {
    for (const node of shown) node.remove();
    slot.append(stash);
    slot[MARK] = undefined;
  };
  slot.prepend(stash);
  slot[MARK] = { id, keep, undo };
  keep();
}

/** Whether the parser is done with a node. */
const parsed = (node: Node | null): unknown =>
  document.readyState !== "loading" || (node && (node.nextSibling || parsed(node.parentNode)));

/**
 * Puts the `data-shelf-block` children of a slot into an order; blocks not named follow behind in their own.
 * What is not a block stays where it is. While the slot is being parsed its blocks wait, so that none is seen
 * twice; what follows the slot is not on the page yet.
 */
export function arrange(slot: Slot, id: string, order: readonly string[]): void {
  // A payload of another shape throws here, before anything is moved.
  const names = [...order];
  const blocks: HTMLElement[] = [];
  const places: Comment[] = [];
  let placed = false;
  const rank = (block: HTMLElement) => names.indexOf(block.dataset.shelfBlock as string) >>> 0;
  const keep = () => {
    if (placed) return;
    for (const block of [...slot.children] as HTMLElement[]) {
      if (block.dataset.shelfBlock) {
        const place = new Comment();
        block.replaceWith(place);
        places.push(place);
        blocks.push(block);
      }
    }
    if (parsed(slot)) {
      placed = true;
      for (const block of [...blocks].sort((left, right) => rank(left) - rank(right)))
        (places.shift() as Comment).replaceWith(block);
    }
  };
  slot[MARK] = { id, keep, blocks };
  keep();
}
