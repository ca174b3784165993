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
  const { origin, protocol, host } = Object.assign(document.createElement("a"), { href: value });
  return (
    /^http/.test(protocol) && (origin === location.origin || (protocol === "https:" && links.includes(host)))
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
    if (!tag) nodes.append(render(children, links));
    if (!TAG.test(tag)) continue;
    const node = document.createElement(tag);
    for (const name in attributes || {}) {
      const value = `${(attributes as Record<string, string>)[name]}`;
      // Whatever a browser takes for a URL in a srcset is among its words; elsewhere the whole value is one URL.
      const urls = name === "srcset" ? value.split(/[\s,]+/) : [value];
      if (ATTRIBUTE.test(name) && (!URLS.test(name) || urls.every((url) => allowed(url, links))))
        node.setAttribute(name, value);
    }
    node.append(render(children, links));
    nodes.append(node);
  }
  return nodes;
}
