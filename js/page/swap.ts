/** What was done to a slot, kept on the slot's element so that boot, engine and inspector agree. */
export interface Mark {
  /** `campaign/variation`. */
  id: string;
  /** Takes in what the parser or a script added since. */
  keep(): void;
  /** Of a swap: puts the merchant's own markup back. */
  undo?(): void;
  /** Of an arrangement: the blocks or products as the merchant ordered them. */
  blocks?: HTMLElement[];
}

/** Property of a slot's element that holds its {@link Mark}; present but undefined after an undo. */
export const MARK = Symbol.for("shelfwise");

export type Slot = HTMLElement & { [MARK]?: Mark | undefined };

/** Slots that hold what a shopper types into are refused. */
export const refused = (node: ParentNode): unknown =>
  node.querySelector("form,input,select,textarea,[contenteditable]");

/**
 * Shows the nodes of `stash` instead of the merchant's markup, which waits in it; markup that the parser is still
 * adding follows it there. Gives everything back when a form control turns up in it. Nothing to show changes nothing.
 */
export function swap(slot: Slot, id: string, stash: DocumentFragment): void {
  const shown = [...stash.childNodes];
  if (!shown[0]) return;
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

/** Name of a block of a layout slot, or of a product of a grid. */
export const nameOf = ({ dataset }: HTMLElement): string | undefined =>
  dataset.shelfBlock || dataset.shelfItem;

/**
 * Puts the `data-shelf-block` or `data-shelf-item` children of a slot into an order; those not named follow behind in
 * their own. What is neither stays where it is. While the slot is being parsed they wait, so that none is seen twice;
 * what follows the slot is not on the page yet.
 */
export function arrange(slot: Slot, id: string, order: readonly string[]): void {
  // A payload of another shape throws here, before anything is moved.
  const names = [...order];
  const blocks: HTMLElement[] = [];
  const places: Comment[] = [];
  const rank = (block: HTMLElement) => names.indexOf(nameOf(block) as string) >>> 0;
  const mark: Mark = {
    id,
    blocks,
    keep() {
      for (const block of [...slot.children] as HTMLElement[])
        if (nameOf(block)) {
          const place = new Comment();
          block.replaceWith(place);
          places.push(place);
          blocks.push(block);
        }
      if (!parsed(slot)) return;
      mark.keep = Object;
      for (const block of [...blocks].sort((left, right) => rank(left) - rank(right)))
        (places.shift() as Comment).replaceWith(block);
    },
  };
  slot[MARK] = mark;
  mark.keep();
}
