/**
 * Inline this first in `<head>`. It applies, before the first paint, the decisions that the previous page view
 * stored. It reads storage only after a yes: `data-consent="granted"` on its tag or
 * `<html data-shelf-consent="granted">`, and no Global Privacy Control. It never throws.
 *
 * It is built twice: `boot-templates.js` also fills `<template>`s of the page's, which costs a tenth more.
 */
import { fill, render, type Tree } from "../page/render.js";
import { arrange, MARK, refused, type Slot, swap } from "../page/swap.js";

interface Payload {
  v: number;
  until: number;
  slots: Record<
    string,
    { id: string; tree?: Tree; order?: string[]; template?: string; values?: Record<string, string> }
  >;
}

/** Runs it; what it throws is noted for the module to tell, and the merchant's page stands as it is. */
const guarded = (work: () => void) => () => {
  try {
    work();
  } catch (error) {
    (document as { [MARK]?: unknown })[MARK] = error;
  }
};

guarded(() => {
  const { shop, links, consent } = (document.currentScript as HTMLScriptElement).dataset;
  const says = document.documentElement.dataset.shelfConsent || consent;
  const payload = (says === "granted" &&
    !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl &&
    JSON.parse(localStorage.getItem(`shelfwise:${shop}:boot`) as string)) as Payload | null;
  if (payload?.v === 1 && payload.until > Date.now()) {
    const hosts = (links || "").split(/[\s,]+/);
    const scan = guarded(() => {
      if (document.readyState !== "loading") observer.disconnect();
      for (const slot of document.querySelectorAll<Slot>("[data-shelf-slot]")) {
        const decided = payload.slots[slot.dataset.shelfSlot as string];
        if (MARK in slot) slot[MARK]?.keep();
        else if (decided && !refused(slot)) {
          if (decided.tree) swap(slot, decided.id, render([decided.tree], hosts));
          if (decided.order) arrange(slot, decided.id, decided.order);
          if (TEMPLATES && decided.template)
            swap(slot, decided.id, fill(decided.template, decided.values || {}, hosts));
        }
      }
    });
    const observer = new MutationObserver(scan);
    observer.observe(document, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", scan);
    scan();
  }
})();
