import type { Page } from "playwright-core";

/** What a page showed over time. */
export interface Shown {
  /** Each different content of the slots, in the order in which frames showed them: text by slot. */
  frames: Record<string, string>[];
  /** Sum of layout shifts that no input caused. */
  shift: number;
  /** Slots that changed while a part of them was in view, after something was painted. */
  disturbed: string[];
}

declare global {
  interface Window {
    shown: Shown;
  }
}

/** Notes what each frame of the page shows, in `window.shown`; runs in the page, before anything of it. */
export function watch(): void {
  const shown: Shown = { frames: [], shift: 0, disturbed: [] };
  window.shown = shown;
  const text = (node: Element) => (node.textContent ?? "").replace(/\s+/g, " ").trim();
  const look = () => {
    // Whoever looks right before a frame is painted sees what it paints.
    const found = [...document.querySelectorAll("[data-shelf-slot]")];
    const frame = Object.fromEntries(found.map((slot) => [slot.getAttribute("data-shelf-slot"), text(slot)]));
    if (found.length && JSON.stringify(frame) !== JSON.stringify(shown.frames.at(-1)))
      shown.frames.push(frame);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[])
      if (!entry.hadRecentInput) shown.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver((records) => {
    if (document.readyState === "loading" || !performance.getEntriesByType("paint").length) return;
    for (const { target } of records) {
      const slot = (target as Element).closest?.("[data-shelf-slot]");
      if (!slot) continue;
      const { top, bottom } = slot.getBoundingClientRect();
      if (bottom > 0 && top < innerHeight)
        shown.disturbed.push(slot.getAttribute("data-shelf-slot") as string);
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

/** Makes every page of a tab note what each of its frames shows. */
export const watchFrames = (page: Page): Promise<unknown> => page.addInitScript(watch);
