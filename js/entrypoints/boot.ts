/**
 * Inline this first in `<head>`. It applies, before the first paint, the decisions that the previous page view
 * stored. It reads storage only after a yes: `data-consent="granted"` on its tag or
 * `<html data-shelf-consent="granted">`, and no Global Privacy Control. It never throws.
 */
import { render, type Tree } from "../page/render.js";
import { arrange, MARK, refused, type Slot, swap } from "../page/swap.js";

interface Payload {
  v: number;
  until: number;
  slots: Record<string, { id: string; tree?: Tree; order?: string[] }>;
}

try {
  const { shop, links, consent } = (document.currentScript as HTMLScriptElement).dataset;
  const says = document.documentElement.dataset.shelfConsent || consent;
  const payload: Payload | false | null =
    says === "granted" &&
    !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl &&
    JSON.parse(localStorage.getItem(`shelfwise:${shop}:boot`) as string);
  if (payload && payload.v === 1 && payload.until > Date.now()) {
    const hosts = (links || "").split(/[\s,]+/);
    const scan = () => {
      try {
        for (const slot of document.querySelectorAll<Slot>("[data-shelf-slot]")) {
          const decided = payload.slots[slot.dataset.shelfSlot as string];
          if (slot[MARK]) slot[MARK].keep();
          else if (decided && !(MARK in slot) && !refused(slot)) {
            if (decided.tree) swap(slot, decided.id, render([decided.tree], hosts));
            if (decided.order) arrange(slot, decided.id, decided.order);
          }
        }
      } catch {
        // A slot that cannot be changed stays the merchant's.
      }
    };
    const observer = new MutationObserver(scan);
    observer.observe(document, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", () => {
      scan();
      observer.disconnect();
    });
    scan();
  }
} catch {
  // The merchant's page stands as it is.
}
