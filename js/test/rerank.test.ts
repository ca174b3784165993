import { beforeEach, describe, expect, it } from "vitest";
import type { Decision } from "../module.js";
import { restore, show } from "../page/slots.js";
import type { Slot } from "../page/swap.js";

let slot: Slot;

beforeEach(() => {
  const goods = [..."abcdef"].map((item) => `<a data-shelf-item="${item}"></a>`).join("");
  document.body.innerHTML = `<div id="s"><h2>All</h2>${goods}</div>`;
  slot = document.querySelector("#s") as Slot;
});

const goods = () =>
  [...slot.querySelectorAll<HTMLElement>("a")].map((each) => each.dataset.shelfItem).join("");
const decision = (order: string, taste?: number): Decision =>
  ({
    slot: "grid",
    campaign: "r",
    variation: "a",
    kind: 4,
    order: [...order],
    ...(taste !== undefined && { taste }),
  }) as Decision;

describe("a grid that the server rendered", () => {
  it.each([
    // Nothing but taste: those named first, the others as they were.
    ["fd", 255, "fdabce"],
    // Nothing but the merchant's order.
    ["fd", 0, "abcdef"],
    // Half: f 1 + 1/6, a 1, d 1/2 + 1/4, b 1/2, c 1/3, e 1/5.
    ["fd", 127.5, "fadbce"],
    // e 1 + 1/5, a 1, b 1/2 + 1/2: equals stay as the merchant has them.
    ["eb", 127.5, "eabcdf"],
    // A fifth: a 4/5, f 1/5 + 4/30 beside c 4/15 and b 2/5.
    ["f", 51, "abfcde"],
  ])("goes by %s for %d 255ths", (order, taste, expected) => {
    expect(show(slot, decision(order, taste), [], true)).toBe("shown");
    expect(goods()).toBe(expected);
    // The same once more changes nothing: places are those of the merchant's own order.
    show(slot, decision(order, taste), [], true);
    expect(goods()).toBe(expected);
    expect(slot.firstElementChild?.tagName).toBe("H2");
    restore(slot);
    expect(goods()).toBe("abcdef");
  });

  it("puts what the shop adds later behind, at its own place", () => {
    show(slot, decision("fd", 127.5), [], true);
    slot.insertAdjacentHTML("beforeend", '<a data-shelf-item="g"></a><a data-shelf-item="h"></a>');
    show(slot, decision("hd", 127.5), [], true);
    // a 1, h 1 + 1/8, d 1/2 + 1/4, b 1/2, c 1/3, e 1/5, f 1/6, g 1/7.
    expect(goods()).toBe("hadbcefg");
    restore(slot);
    expect(goods()).toBe("abcdefgh");
  });

  it("never loses a product, whatever is named", () => {
    show(slot, decision("xfxbya", 128), [], true);
    expect([...goods()].sort().join("")).toBe("abcdef");
  });
});
