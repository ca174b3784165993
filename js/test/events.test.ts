import { describe, expect, it } from "vitest";
import { watchDataLayer } from "../adapters/datalayer.js";
import { jsonLdItem } from "../adapters/json-ld.js";
import type { EventParameters } from "../api.js";
import { consentMode } from "../consent.js";
import { currencyDigits, Duplicates, itemLines, minor } from "../page/events.js";

describe("minor", () => {
  it.each([
    ["2.55", 255],
    [2.55, 255],
    ["£1,234.50", 123450],
    ["1.234,50 €", 123450],
    ["1,234", 123400],
    ["0.125", 13],
    ["12", 1200],
    ["", 0],
    [undefined, 0],
    ["free", 0],
    [19.999, 2000],
  ])("reads %s as %d", (price, expected) => expect(minor(price)).toBe(expected));

  it("follows the currency's digits", () => {
    expect(currencyDigits("JPY")).toBe(0);
    expect(currencyDigits("GBP")).toBe(2);
    expect(currencyDigits("nonsense")).toBe(2);
    expect(minor("1200", currencyDigits("JPY"))).toBe(1200);
  });
});

describe("itemLines", () => {
  it("writes one line a product and lets no tab through", () => {
    expect(itemLines([{ item_id: "1\t2", item_name: "a\nb", price: "2.50" }, { item_id: "" }], 2)).toBe(
      "1 2\ta b\t\t\t250\t1",
    );
  });
});

describe("Duplicates", () => {
  it("drops what another source says again, never what the same one does", () => {
    const duplicates = new Duplicates();
    const item = { items: [{ item_id: "1" }] };
    expect(duplicates.known("attributes", "add_to_cart", item, 0)).toBe(false);
    expect(duplicates.known("datalayer", "add_to_cart", item, 100)).toBe(true);
    expect(duplicates.known("attributes", "add_to_cart", item, 200)).toBe(false);
    expect(duplicates.known("datalayer", "add_to_cart", item, 5000)).toBe(false);
  });

  it("takes a page for one cart and one checkout, whatever lists what is in them", () => {
    const duplicates = new Duplicates();
    for (const name of ["view_cart", "begin_checkout"]) {
      expect(duplicates.known("attributes", name, {}, 0)).toBe(false);
      expect(duplicates.known("datalayer", name, { items: [{ item_id: "1" }] }, 9000)).toBe(true);
    }
    duplicates.clear();
    expect(duplicates.known("datalayer", "view_cart", {}, 9000)).toBe(false);
  });
});

describe("the data layer", () => {
  it("replays, listens, understands gtag and forgets when told", () => {
    const heard: [string, EventParameters][] = [];
    const page = window as unknown as { dataLayer: unknown[] };
    page.dataLayer = [{ event: "view_item", ecommerce: { items: [{ item_id: "7" }] } }];
    watchDataLayer(
      (name, parameters) => heard.push([name, parameters]),
      (work) => work(),
    );
    expect(page.dataLayer.push({ ecommerce: null }, { event: "Search", search_term: "tea" })).toBe(3);
    (function gtag(..._: unknown[]) {
      // biome-ignore lint/complexity/noArguments: this is what gtag pushes
      page.dataLayer.push(arguments);
    })("event", "add_to_cart", { items: [{ item_id: "8" }] });
    page.dataLayer.push(null, 7, "text", [], { event: 3 });
    expect(heard).toEqual([
      ["view_item", { items: [{ item_id: "7" }] }],
      ["search", { search_term: "tea" }],
      ["add_to_cart", { items: [{ item_id: "8" }] }],
    ]);
  });
});

describe("jsonLdItem", () => {
  const page = (...scripts: string[]) => {
    const box = document.createElement("div");
    for (const text of scripts) {
      const script = document.createElement("script");
      script.type = "application/ld+json";
      script.textContent = text;
      box.append(script);
    }
    return jsonLdItem(box);
  };

  it("finds a product behind broken scripts, arrays and graphs", () => {
    const product = {
      "@type": ["Thing", "http://schema.org/Product"],
      sku: 85123,
      name: "Lamp",
      brand: { name: "Acme" },
      category: "Home > Lights",
      offers: [{ priceSpecification: [{ price: "12.30" }] }],
    };
    const item = {
      item_id: "85123",
      item_name: "Lamp",
      item_brand: "Acme",
      item_category: "Lights",
      price: "12.30",
    };
    expect(page("{broken", JSON.stringify([{ "@graph": [{ "@type": "WebPage" }, product] }]))).toEqual(item);
  });

  it("takes a group's variant, and nothing where there is nothing", () => {
    const group = { "@type": "ProductGroup", hasVariant: [{ "@type": "Product", gtin13: "5" }] };
    expect(page(JSON.stringify(group))?.item_id).toBe("5");
    expect(page("null", "3", '"x"', "[]")).toBeUndefined();
  });
});

describe("consentMode", () => {
  const base = { configured: "ask", gpc: false, withdrawn: false } as const;

  it("allows nothing without a yes, and any no wins", () => {
    for (const configured of ["granted", "denied", "ask"] as const)
      for (const choice of [
        undefined,
        { remember: true },
        { remember: false },
        { remember: true, personalise: false },
      ])
        for (const gpc of [false, true])
          for (const withdrawn of [false, true]) {
            const mode = consentMode({ configured, choice, gpc, withdrawn });
            const yes = choice ? choice.remember : configured === "granted";
            expect(mode > 0).toBe(yes && !gpc && !withdrawn);
          }
  });

  it("tells remembering from personalising", () => {
    expect(consentMode({ ...base, choice: { remember: true, personalise: false } })).toBe(1);
    expect(consentMode({ ...base, choice: { remember: true } })).toBe(2);
  });
});
