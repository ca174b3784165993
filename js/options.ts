import type { Options } from "./api.js";
import { Refusal } from "./errors.js";

const words = (text: string | null | undefined): string[] => (text ?? "").split(/[\s,]+/).filter(Boolean);

/**
 * Options of the script tag: its `data-…` attributes, else its query string (tag managers strip attributes).
 * `<html data-shelf-consent>` goes before both.
 */
export function tagOptions(script: HTMLScriptElement | null): Partial<Options> {
  const query = new URL(script?.src || location.href, location.href).searchParams;
  const option = (name: string) => script?.dataset[name] ?? query.get(name) ?? "";
  const consent = document.documentElement.dataset.shelfConsent || option("consent");
  const given = (names: readonly string[], value: (text: string) => unknown) =>
    names.flatMap((name) => (option(name) ? [[name, value(option(name))]] : []));
  return Object.fromEntries([
    ...given(["shop", "pack", "currency", "fresh", "signals", "sources"], (text) => text),
    ...given(["links", "adapters"], words),
    ...given(["announce", "automation"], (text) => text !== "false"),
    ...given(["freshWithin"], Number),
    // A plus sign in a query string that was not escaped arrives as a space.
    ...given(["key"], (text) => script?.dataset.key ?? text.replaceAll(" ", "+")),
    ["consent", consent || undefined],
  ]);
}

const DEFAULTS = {
  links: [],
  currency: "",
  announce: false,
  automation: true,
  signals: "",
  sources: "",
  fresh: "",
  freshWithin: 300,
  adapters: ["attributes", "datalayer", "json-ld"],
} as const;

/** Options with their defaults. Refuses with R110, naming the option. */
export function complete(options: Partial<Options>): Required<Options> {
  for (const name of ["shop", "pack", "key"] as const)
    if (typeof options[name] !== "string" || !options[name]) throw new Refusal("R110", name);
  const { shop = "", pack = "", key = "" } = options;
  if (!/^[\w.-]{1,64}$/.test(shop)) throw new Refusal("R110", "shop");
  if (words(key).some((each) => !/^[A-Za-z0-9+/]{43}=$/.test(each))) throw new Refusal("R110", "key");
  const consent = options.consent ?? "ask";
  if (!["granted", "denied", "ask"].includes(consent)) throw new Refusal("R110", "consent");
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    ...DEFAULTS,
    ...Object.fromEntries(set),
    shop,
    pack: new URL(pack.endsWith("/") ? pack : `${pack}/`, document.baseURI).href,
    key,
    consent,
  };
}
