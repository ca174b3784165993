import type { Own } from "../api.js";
import { named } from "./named.js";

/** Longest text that is taken from a page. */
const TEXT_MAX = 120;
/** What somebody types into. */
const TYPED = "form,input,select,textarea,[contenteditable]";

/** What a path of names leads to, from an object; inherited properties are none. */
function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(".")) {
    if (!found || typeof found !== "object" || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

const READERS: Record<string, (path: string) => unknown> = {
  layer(path) {
    const { dataLayer } = window as unknown as { dataLayer?: unknown[] };
    const entries = Array.isArray(dataLayer) ? [...dataLayer].reverse() : [];
    return entries.map((entry) => at(entry, path)).find((value) => value !== undefined);
  },
  cookie(name) {
    const pair = document.cookie.split(/;\s*/).find((pair) => pair.startsWith(`${name}=`));
    return pair && decodeURIComponent(pair.slice(name.length + 1));
  },
  js: (path) => at(window, path),
  query: (name) => new URLSearchParams(location.search).get(name),
  text(selector) {
    const element = document.querySelector(selector);
    // What somebody types is nobody's source.
    return element?.closest(TYPED) || element?.querySelector(TYPED) ? undefined : element?.textContent;
  },
};

/** A value that can be one of the shop's own traits. */
function own(value: unknown): Own | undefined {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value;
  if (Array.isArray(value)) return value.filter((each) => typeof each === "string");
  const text = typeof value === "string" ? value.replace(/\s+/g, " ").trim() : "";
  return text ? text.slice(0, TEXT_MAX) : undefined;
}

/** The values that the shop's sources have now; what has none, or cannot be read, is left out. */
export function readSources(sources: string | Readonly<Record<string, string>>): Record<string, Own> {
  const found: Record<string, Own> = {};
  for (const [name, source] of Object.entries(named(sources))) {
    const [kind = "", path = ""] = /^(\w+):(.+)$/.exec(source)?.slice(1) ?? [];
    try {
      const value = own(Object.hasOwn(READERS, kind) ? READERS[kind]?.(path) : undefined);
      if (value !== undefined) found[name] = value;
    } catch {
      // A wrong selector, a getter of the page's that throws: no value.
    }
  }
  return found;
}
