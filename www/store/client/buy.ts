/** The add-to-basket and wishlist buttons, on product pages and in grids. */

import { announce, keep, type Line, read, type Thing } from "./state.js";
import { dataLayer, track } from "./talk.js";

type Template = "shelf" | "ga4" | "plain";

/** The product of a product page, from its data script. */
function pageProduct(): (Thing & { template: Template }) | undefined {
  const text = document.getElementById("shop-product")?.textContent;
  return text ? (JSON.parse(text) as Thing & { template: Template }) : undefined;
}

/** The product that a button belongs to, and how the page speaks about it. */
function productOf(button: Element): { thing: Thing; template: Template } | undefined {
  const holder = button.closest<HTMLElement>("[data-shelf-item]");
  if (holder) {
    const {
      shelfItem = "",
      shelfName = "",
      shelfPrice = "0",
      shelfCategory = "",
      shelfBrand = "",
    } = holder.dataset;
    const thing = {
      id: shelfItem,
      title: shelfName,
      price: Number(shelfPrice),
      category: shelfCategory,
      brand: shelfBrand,
    };
    return { thing, template: "shelf" };
  }
  const product = pageProduct();
  return product && { thing: product, template: product.template };
}

/** Puts a product into the basket. */
export function addToCart(button: HTMLElement): void {
  const found = productOf(button);
  if (!found) {
    return;
  }
  const { id, title, price, category, brand } = found.thing;
  const field = document.getElementById("quantity") as HTMLInputElement | null;
  const quantity = Math.min(99, Math.max(1, Math.floor(Number(field?.value)) || 1));
  const added: Line = { id, title, price, category, brand, quantity };
  const cart = read("cart");
  const line = cart.find((other) => other.id === id);
  if (line) {
    line.quantity = Math.min(999, line.quantity + quantity);
  } else {
    cart.push(added);
  }
  keep("cart", cart);
  tell("add_to_cart", found.template, added);
  announce(`${title} is in your basket`);
  button.textContent = "In your basket";
  setTimeout(() => {
    button.textContent = "Add to basket";
  }, 1800);
}

/** The `shelf` template needs no call: Shelfwise reads the pressed button's attributes. */
function tell(event: string, template: Template, line: Line): void {
  if (template === "ga4") {
    dataLayer(event, [line]);
  } else if (template === "plain") {
    track(event, [line]);
  }
}

/** Puts a product on the wishlist, or takes it off. */
export function toggleWish(button: HTMLElement): void {
  const found = productOf(button);
  if (!found) {
    return;
  }
  const { id, title, price, category, brand } = found.thing;
  const wishes = read("wishlist");
  const wished = wishes.some((other) => other.id === id);
  keep(
    "wishlist",
    wished ? wishes.filter((other) => other.id !== id) : [{ id, title, price, category, brand }, ...wishes],
  );
  tell(wished ? "remove_from_wishlist" : "add_to_wishlist", found.template, {
    id,
    title,
    price,
    category,
    brand,
    quantity: 1,
  });
  announce(wished ? `${title} is off your wishlist` : `${title} is on your wishlist`);
  markWishes();
}

/** Shows on every heart whether its product is wished for; the shelf action is what the next press means. */
export function markWishes(): void {
  const wished = new Set(read("wishlist").map((thing) => thing.id));
  for (const button of document.querySelectorAll<HTMLElement>('[data-do="wish"]')) {
    const on = wished.has(productOf(button)?.thing.id ?? "");
    button.setAttribute("aria-pressed", String(on));
    if (button.dataset.shelfAction) {
      // After this press has reached every listener, so that nobody reads the next press's meaning.
      setTimeout(() =>
        button.setAttribute("data-shelf-action", on ? "remove_from_wishlist" : "add_to_wishlist"),
      );
    }
  }
}

/** Keeps the quantity where Shelfwise reads it on a `shelf` page: with the product's other attributes. */
export function listenQuantity(): void {
  const field = document.getElementById("quantity");
  const holder = field?.closest<HTMLElement>("[data-shelf-item]");
  if (field instanceof HTMLInputElement && holder) {
    field.addEventListener("input", () => {
      holder.dataset.shelfQuantity = String(Math.min(99, Math.max(1, Math.floor(Number(field.value)) || 1)));
    });
  }
}

/** Tells the data layer what a `ga4` product page shows. */
export function viewProduct(): void {
  const product = pageProduct();
  if (product?.template === "ga4") {
    dataLayer("view_item", [product]);
  }
}
