/**
 * A node of a block: a text, or `[tag, attributes or 0, ...children]`. The tag `""` stands for no element:
 * its children only. The engine and the boot payload use the same form.
 */
export type Tree = string | [tag: string, attributes: Record<string, string> | 0, ...children: Tree[]];

/** Elements of a block; `crates/pack/src/blocks.rs` has the same list and a test compares them. */
export const TAG =
  /^([abipqsu]|abbr|article|aside|blockquote|br|code|d[dlt]|del|div|em|figcaption|figure|footer|h[1-6r]|header|img|ins|li|mark|nav|[ou]l|picture|section|small|source|span|strong|su[bp]|time)$/;

/** Attributes of a block's elements: nothing that runs (`on…`, `style`) or shadows (`id`, `name`). */
export const ATTRIBUTE =
  /^(alt|aria-\w+|cite|class|data-shelf-(action|brand|category|image|item|name|price|url)|datetime|d(ecoding|ir|raggable)|fetchpriority|height|hidden|href(lang)?|lang|loading|media|rel|reversed|role|sizes|src(set)?|start|tabindex|target|title|translate|type|value|width)$/;

/** Those of them that point somewhere. */
const URLS = /cite|ref$|src|image|url/;

/** Whether a block may point there: the page's own origin, or https on a host that the page's `links` names. */
export function allowed(value: string, links: readonly string[]): boolean {
  const url = document.createElement("a");
  url.href = value;
  return (
    /^http/.test(url.protocol) &&
    (url.origin === location.origin || (url.protocol === "https:" && links.includes(url.host)))
  );
}

/**
 * Turns trees into nodes with `createElement`, `setAttribute` and text only, so that no policy for Trusted
 * Types is needed. What is not allowed is left out: the element with all in it, or the attribute.
 */
export function render(trees: readonly Tree[], links: readonly string[]): DocumentFragment {
  const nodes = new DocumentFragment();
  for (const tree of trees) {
    if (typeof tree === "string") {
      nodes.append(tree);
      continue;
    }
    const [tag, attributes, ...children] = tree;
    const inside = render(children, links);
    if (!tag) nodes.append(inside);
    if (!TAG.test(tag)) continue;
    const node = document.createElement(tag);
    for (const name in attributes as Record<string, string>) {
      const value = (attributes as Record<string, string>)[name] as string;
      // Whatever a browser takes for a URL in a srcset is among its words; elsewhere the whole value is one URL.
      const urls = name === "srcset" ? value.split(/[\s,]+/) : [value];
      if (ATTRIBUTE.test(name) && (!URLS.test(name) || urls.every((url) => allowed(url, links))))
        node.setAttribute(name, value);
    }
    node.append(inside);
    nodes.append(node);
  }
  return nodes;
}

/** Where a `<template>` of the merchant's takes a value. */
const PLACES = ["text", "href", "src"] as const;

/**
 * A copy of a `<template>` of the page with a variation's values in it: `data-shelf-text="headline"` takes one for its
 * text, `data-shelf-href` and `data-shelf-src` for those attributes, if the page allows blocks to point there. Values
 * that the variation does not have leave what the template says. Empty where the page has no such template (yet).
 */
export function fill(
  id: string,
  values: Readonly<Record<string, string>>,
  links: readonly string[],
): DocumentFragment {
  const nodes = new DocumentFragment();
  const template = document.getElementById(id) as HTMLTemplateElement | null;
  if (template?.content) nodes.append(template.content.cloneNode(true));
  for (const place of PLACES)
    for (const node of nodes.querySelectorAll(`[data-shelf-${place}]`)) {
      const value = values[node.getAttribute(`data-shelf-${place}`) as string];
      if (value == null) continue;
      if (place === "text") node.textContent = value;
      else if (allowed(value, links)) node.setAttribute(place, value);
    }
  return nodes;
}
