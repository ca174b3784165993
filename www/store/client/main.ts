/** The shop's own script: one listener for the buttons, and what each page needs when it opens. */

import { listenCheckout, showCart, showThanks } from "./basket.js";
import { addToCart, listenQuantity, markWishes, toggleWish, viewProduct } from "./buy.js";
import { applyChoice, ask, choose, download, forget, listenCorrections, showPrivacy } from "./choice.js";
import { showSearch, showWishlist } from "./find.js";
import { announce, showCounts } from "./state.js";
import { openChat } from "./talk.js";

const INSPECTOR = "/shelfwise/inspect.js";

/** Opens the overlay; says so where this copy of the shop has no Shelfwise, or it could not start. */
async function inspect(): Promise<void> {
  let open = false;
  try {
    const module = (await import(INSPECTOR)) as { openInspector(shelfwise: unknown): Promise<boolean> };
    open = await module.openInspector(window.shelfwise);
  } catch {
    open = false;
  }
  if (!open) {
    announce("Shelfwise is not running on this page, so there is nothing to inspect.");
  }
}

const ACTIONS: Readonly<Record<string, (button: HTMLElement) => unknown>> = {
  cart: addToCart,
  wish: toggleWish,
  consent: ask,
  "consent-yes": () => choose("yes"),
  "consent-no": () => choose("no"),
  "privacy-pause": () => choose("paused"),
  "privacy-export": download,
  "privacy-forget": forget,
  inspect,
};

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
  if (button) {
    void ACTIONS[button.dataset.do ?? ""]?.(button);
  }
});

// Dispatched by a campaign of the kind `trigger`.
document.addEventListener("marigold:chat", openChat);

showCounts();
applyChoice();
viewProduct();
listenQuantity();
showCart();
listenCheckout();
showThanks();
showWishlist();
listenCorrections();
void showSearch().then(markWishes);
markWishes();
// The module may still be loading: a second look once the page is complete.
void showPrivacy();
addEventListener("load", () => void showPrivacy());
if (new URLSearchParams(location.search).has("inspect")) {
  void inspect();
}
