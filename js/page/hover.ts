import { connection } from "./facts.js";

const HOVER_MS = 80;

/** Calls back once for every product card that the pointer rests on or that gets the focus. */
export function watchCards(near: (item: string) => void): void {
  if (connection().saveData) return;
  const known = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = (event: Event) => {
    clearTimeout(timer);
    const item = (event.target as Element | null)?.closest?.<HTMLElement>("[data-shelf-item]")?.dataset
      .shelfItem;
    if (!item || known.has(item)) return;
    timer = setTimeout(() => {
      known.add(item);
      near(item);
    }, HOVER_MS);
  };
  for (const name of ["pointerover", "focusin", "touchstart"])
    document.addEventListener(name, over, { passive: true });
}
