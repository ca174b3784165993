import { beforeEach, describe, expect, it } from "vitest";
import { render } from "../page/render.js";
import { restore } from "../page/slots.js";
import { arrange, MARK, type Slot, swap } from "../page/swap.js";

let slot: Slot;

beforeEach(() => {
  document.body.innerHTML = '<main><div id="s"></div><p>after</p></main>';
  slot = document.querySelector("#s") as Slot;
});

const content = () => render([["section", { class: "mine" }, "For you"]], []);
const blocks = () =>
  [...slot.children].map((block) => (block as HTMLElement).dataset.shelfBlock ?? block.tagName);

describe("an order of another shape", () => {
  it("is refused before a block is moved", () => {
    slot.innerHTML = '<a data-shelf-block="x"></a><a data-shelf-block="y"></a>';
    const before = slot.innerHTML;
    expect(() => arrange(slot, "a/b", 5 as unknown as string[])).toThrow();
    expect(slot.innerHTML).toBe(before);
  });
});

describe("swap", () => {
  it("shows the content and gives the very same nodes back", () => {
    slot.innerHTML = "<h1>Shop</h1>text<p>more</p>";
    const before = [...slot.childNodes];
    swap(slot, "a/b", content());
    expect(slot.innerHTML).toBe('<section class="mine">For you</section>');
    expect(slot[MARK]?.id).toBe("a/b");
    restore(slot);
    expect([...slot.childNodes]).toEqual(before);
    expect(slot[MARK]).toBeUndefined();
  });

  it("leaves the slot alone when there is nothing to show", () => {
    slot.innerHTML = "<h1>Shop</h1>";
    swap(slot, "a/b", render([["script", 0, "x"]], []));
    expect(slot.innerHTML).toBe("<h1>Shop</h1>");
    expect(slot[MARK]).toBeUndefined();
  });

  it("hides what the parser adds later, and gives it back in order", () => {
    slot.innerHTML = "<h1>1</h1>";
    swap(slot, "a/b", content());
    slot.append(document.createElement("h2"), "text");
    slot[MARK]?.keep();
    expect(slot.children).toHaveLength(1);
    restore(slot);
    expect(slot.innerHTML).toBe("<h1>1</h1><h2></h2>text");
  });

  it("gives everything back when a form control turns up", () => {
    swap(slot, "a/b", content());
    slot.insertAdjacentHTML("beforeend", "<div><input></div>");
    slot[MARK]?.keep();
    expect(slot.innerHTML).toBe("<div><input></div>");
    expect(MARK in slot).toBe(true);
    expect(slot[MARK]).toBeUndefined();
  });
});

describe("arrange", () => {
  const four =
    '<h2>t</h2><div data-shelf-block="a"></div><div data-shelf-block="b"></div><div data-shelf-block="c"></div>';

  it("puts named blocks first, the others behind, and leaves the rest in place", () => {
    slot.innerHTML = four;
    arrange(slot, "a/b", ["c", "nowhere", "b"]);
    expect(blocks()).toEqual(["H2", "c", "b", "a"]);
    restore(slot);
    expect(blocks()).toEqual(["H2", "a", "b", "c"]);
    expect(slot.innerHTML).toBe(four);
  });

  it("is not undone over the framework's head", () => {
    slot.innerHTML = four;
    arrange(slot, "a/b", ["c"]);
    slot.querySelector('[data-shelf-block="b"]')?.remove();
    restore(slot);
    expect(blocks()).toEqual(["H2", "c", "a"]);
  });
});
