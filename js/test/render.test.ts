import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTRIBUTE, allowed, render, TAG, type Tree } from "../page/render.js";

/** A list of texts in the Rust source. */
function rustList(name: string): string[] {
  const source = readFileSync("crates/pack/src/blocks.rs", "utf8");
  const body = new RegExp(`pub const ${name}: &\\[&str\\] = &\\[([^\\]]*)\\]`).exec(source)?.[1] ?? "";
  return [...body.matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? "");
}

const html = (tree: Tree, links: string[] = []): string => {
  const box = document.createElement("div");
  box.append(render([tree], links));
  return box.innerHTML;
};

describe("the allow-list", () => {
  it("is the pack's", () => {
    const tags = rustList("TAGS");
    expect(tags.length).toBeGreaterThan(40);
    expect(tags.filter((tag) => !TAG.test(tag))).toEqual([]);
    const attributes = rustList("ATTRIBUTES");
    expect(attributes.length).toBeGreaterThan(40);
    expect(attributes.filter((name) => !ATTRIBUTE.test(name))).toEqual([]);
  });

  it("has nothing that runs, frames, asks or shadows", () => {
    for (const tag of [
      "script",
      "style",
      "iframe",
      "object",
      "form",
      "input",
      "button",
      "svg",
      "template",
      "base",
      "A",
    ])
      expect(TAG.test(tag), tag).toBe(false);
    for (const name of [
      "onclick",
      "style",
      "id",
      "name",
      "srcdoc",
      "action",
      "ping",
      "xlink:href",
      "data-shelf-slot",
    ])
      expect(ATTRIBUTE.test(name), name).toBe(false);
  });
});

describe("render", () => {
  it("builds elements, attributes and texts", () => {
    expect(html(["p", { class: "a" }, "x < y ", ["b", 0, "bold"], ["", 0, "!"]])).toBe(
      '<p class="a">x &lt; y <b>bold</b>!</p>',
    );
  });

  it("leaves out what is not allowed, and keeps the rest", () => {
    expect(html(["div", { onclick: "x()", title: "t" }, ["script", 0, "x()"], "kept"])).toBe(
      '<div title="t">kept</div>',
    );
    expect(html(["a", { href: "javascript:alert(1)" }, "x"])).toBe("<a>x</a>");
  });

  it("takes no markup from texts or attributes", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const box = document.createElement("div");
        box.append(render([["p", { title: text }, text]], []));
        expect(box.children).toHaveLength(1);
        expect(box.firstElementChild?.children).toHaveLength(0);
        expect(box.textContent).toBe(text);
        expect(box.firstElementChild?.getAttribute("title")).toBe(text);
      }),
    );
  });

  it("points only to the page's origin or to hosts that the page names", () => {
    for (const good of [
      "/p/2",
      "?q=1",
      "#a",
      "//shop.example/x",
      "https://shop.example/x",
      "https://cdn.example/i.png",
    ])
      expect(allowed(good, ["cdn.example"]), good).toBe(true);
    for (const bad of [
      "https://evil.example/",
      "//evil.example/x",
      "http://cdn.example/",
      "data:text/html,x",
      "\tjava\nscript:x",
    ])
      expect(allowed(bad, ["cdn.example"]), bad).toBe(false);
    // Browsers pass over commas in front of a candidate.
    for (const srcset of [
      "/a.png 1x, https://evil.example/b.png 2x",
      ",https://evil.example/b.png",
      "/a.png 1x,,https://evil.example/b.png",
      "/a.png,\fhttps://evil.example/b.png",
    ])
      expect(html(["img", { srcset, alt: "" }]), srcset).toBe('<img alt="">');
    expect(html(["img", { srcset: "/a.png 1x, /b.png 2x" }])).toContain("srcset");
  });
});
