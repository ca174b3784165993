import type { Adapter, Consent, Options } from "./api.js";
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
  return {
    ...(option("shop") && { shop: option("shop") }),
    ...(option("pack") && { pack: option("pack") }),
    // A plus sign in a query string that was not escaped arrives as a space.
    ...(option("key") && { key: script?.dataset.key ?? option("key").replaceAll(" ", "+") }),
    ...(consent && { consent: consent as Consent }),
    ...(option("links") && { links: words(option("links")) }),
    ...(option("currency") && { currency: option("currency") }),
    ...(option("adapters") && { adapters: words(option("adapters")) as Adapter[] }),
    ...(option("fresh") && { fresh: option("fresh") }),
    ...(option("freshWithin") && { freshWithin: Number(option("freshWithin")) }),
    ...(option("automation") && { automation: option("automation") !== "false" }),
    ...(option("signals") && { signals: option("signals") }),
    ...(option("sources") && { sources: option("sources") }),
    ...(option("announce") && { announce: option("announce") === "true" }),
  };
}

/** Options with their defaults. Refuses with R110, naming the option. */
export function complete(options: Partial<Options>): Required<Options> {
  for (const name of ["shop", "pack", "key"] as const)
    if (typeof options[name] !== "string" || !options[name]) throw new Refusal("R110", name);
  const { shop = "", pack = "", key = "" } = options;
  if (!/^[\w.-]{1,64}$/.test(shop)) throw new Refusal("R110", "shop");
  if (words(key).some((each) => !/^[A-Za-z0-9+/]{43}=$/.test(each))) throw new Refusal("R110", "key");
  const consent = options.consent ?? "ask";
  if (!["granted", "denied", "ask"].includes(consent)) throw new Refusal("R110", "consent");
  return {
    shop,
    pack: new URL(pack.endsWith("/") ? pack : `${pack}/`, document.baseURI).href,
    key,
    consent,
    links: options.links ?? [],
    currency: options.currency ?? "",
    announce: options.announce ?? false,
    automation: options.automation ?? true,
    signals: options.signals ?? "",
    sources: options.sources ?? "",
    fresh: options.fresh ?? "",
    freshWithin: options.freshWithin ?? 300,
    adapters: options.adapters ?? ["attributes", "datalayer", "json-ld"],
  };
}
