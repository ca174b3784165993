/** The basket page, the checkout and the thank-you page. */

import { announce, element, keep, type Line, pounds, read } from "./state.js";
import { dataLayer, shelfwise } from "./talk.js";

/** Goods from this value on travel free, pounds. */
const FREE_FROM = 30;
/** Delivery below it, pounds. */
const DELIVERY = 3.95;

const sum = (lines: readonly Line[]): number =>
  lines.reduce((total, line) => total + line.price * line.quantity, 0);

/** Fills the basket page and reports what it shows. */
export function showCart(): void {
  const list = document.getElementById("cart-lines");
  if (list) {
    draw(list);
    const lines = read("cart");
    if (lines.length > 0) {
      dataLayer("view_cart", lines);
    }
  }
}

function draw(list: HTMLElement): void {
  const lines = read("cart");
  list.replaceChildren(...lines.map((line) => row(line, list)));
  toggle("cart-empty", lines.length === 0);
  toggle("cart-summary", lines.length > 0);
  const goods = sum(lines);
  const delivery = goods >= FREE_FROM ? 0 : DELIVERY;
  const totals = {
    goods: pounds(goods),
    delivery: delivery === 0 ? "Free" : pounds(delivery),
    all: pounds(goods + delivery),
  };
  for (const [name, text] of Object.entries(totals)) {
    const cell = document.querySelector(`[data-total="${name}"]`);
    if (cell) {
      cell.textContent = text;
    }
  }
}

function toggle(id: string, shown: boolean): void {
  document.getElementById(id)?.toggleAttribute("hidden", !shown);
}

function row(line: Line, list: HTMLElement): HTMLElement {
  const quantity = element("input", {
    type: "number",
    min: "1",
    max: "999",
    value: String(line.quantity),
    "aria-label": `How many of ${line.title}`,
  });
  quantity.addEventListener("change", () => change(line, Number(quantity.value), list));
  const remove = element("button", { class: "link" }, "Remove");
  remove.addEventListener("click", () => change(line, 0, list));
  return element(
    "li",
    { class: "line" },
    element("img", { src: `/img/${line.id}.svg`, alt: "", width: "96", height: "96" }),
    element(
      "div",
      {},
      element("a", { href: `/p/${line.id}/` }, line.title),
      element("p", {}, `${pounds(line.price)} each`),
      remove,
    ),
    quantity,
    element("b", {}, pounds(line.price * line.quantity)),
  );
}

/** Sets how many of a line there are; the difference is what happened. */
function change(line: Line, wanted: number, list: HTMLElement): void {
  const quantity = Math.min(999, Math.max(0, Math.floor(wanted) || 0));
  const cart = read("cart").flatMap((other) => {
    if (other.id !== line.id) {
      return [other];
    }
    return quantity > 0 ? [{ ...other, quantity }] : [];
  });
  keep("cart", cart);
  const difference = quantity - line.quantity;
  if (difference !== 0) {
    dataLayer(difference > 0 ? "add_to_cart" : "remove_from_cart", [
      { ...line, quantity: Math.abs(difference) },
    ]);
  }
  announce(quantity > 0 ? `${quantity} of ${line.title}` : `${line.title} removed`);
  draw(list);
}

/** Makes the checkout form place its pretend order. */
export function listenCheckout(): void {
  const form = document.getElementById("checkout");
  if (!(form instanceof HTMLFormElement)) {
    return;
  }
  const lines = read("cart");
  if (lines.length > 0) {
    dataLayer("begin_checkout", lines);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const name = String(fields.get("first") ?? "").slice(0, 40);
    const id = `MW${Date.now().toString(36).toUpperCase()}`;
    keep("order", { id, value: sum(lines), lines, name });
    keep("cart", []);
    if (fields.get("greet") === "on") {
      shelfwise().push(["profile", { first_name: name }]);
    }
    location.assign("/thank-you/");
  });
}

/** Reports the order once and shows its number. */
export function showThanks(): void {
  const note = document.getElementById("thanks-order");
  const order = read("order");
  if (!note || !order) {
    return;
  }
  const name = document.getElementById("thanks-name");
  if (name && order.name) {
    name.textContent = `, ${order.name}`;
  }
  note.textContent = `Order ${order.id}, ${pounds(order.value)}: being wrapped with real care, in pretence.`;
  if (order.lines.length > 0) {
    dataLayer("purchase", order.lines, { transaction_id: order.id, value: Number(order.value.toFixed(2)) });
    keep("order", { ...order, lines: [] });
  }
}
