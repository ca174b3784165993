import type { EventParameters, Item } from "../api.js";

/** Tells an event to whoever listens. */
export type Emit = (name: string, parameters: EventParameters) => void;

const ACTIONS =
  /^(add_to_cart|remove_from_cart|add_to_wishlist|remove_from_wishlist|select_item|share|select_promotion)$/;

/** The product that an element with `data-shelf-item` names. */
export function itemOf(element: HTMLElement): Item {
  const {
    shelfItem,
    shelfName,
    shelfBrand,
    shelfCategory,
    shelfPrice,
    shelfQuantity,
    shelfCompareAt,
    shelfTags,
  } = element.dataset;
  return {
    item_id: shelfItem ?? "",
    ...(shelfName && { item_name: shelfName }),
    ...(shelfBrand && { item_brand: shelfBrand }),
    ...(shelfCategory && { item_category: shelfCategory }),
    ...(shelfPrice && { price: shelfPrice }),
    ...(shelfQuantity && { quantity: shelfQuantity }),
    ...(shelfCompareAt && { compare_at: shelfCompareAt }),
    ...(shelfTags && { item_tags: shelfTags }),
  };
}

/** The product of a product page: the first one that the page names outside of its slots. */
export function pageItem(): HTMLElement | undefined {
  const items = document.querySelectorAll<HTMLElement>("[data-shelf-item]");
  return [...items].find((item) => !item.closest("[data-shelf-slot]"));
}

/** Clicks on `data-shelf-action` elements inside or with a `data-shelf-item`. */
export function watchActions(emit: Emit): void {
  document.addEventListener(
    "click",
    (event) => {
      const action = (event.target as Element | null)?.closest?.<HTMLElement>("[data-shelf-action]");
      const name = action?.dataset.shelfAction ?? "";
      const item = action?.closest<HTMLElement>("[data-shelf-item]");
      if (ACTIONS.test(name) && item) emit(name, { items: [itemOf(item)] });
    },
    true,
  );
}

/** What the page itself says when it is shown: a product, a search, a cart, an order. */
export function readPage(type: string, emit: Emit): void {
  const product = type === "product" && pageItem();
  if (product) emit("view_item", { items: [itemOf(product)] });
  const search = document.querySelector<HTMLElement>("[data-shelf-search]")?.dataset.shelfSearch;
  if (search) emit("search", { search_term: search });
  if (type === "cart") emit("view_cart", {});
  if (type === "checkout") emit("begin_checkout", {});
  const order = document.querySelector<HTMLElement>("[data-shelf-order]");
  if (order?.dataset.shelfOrder) {
    emit("purchase", {
      transaction_id: order.dataset.shelfOrder,
      ...(order.dataset.shelfValue && { value: order.dataset.shelfValue }),
      items: [...order.querySelectorAll<HTMLElement>("[data-shelf-item]")].map(itemOf),
    });
  }
}
