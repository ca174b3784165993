import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { match } from "../client/find.js";
import { arrange, csvFields, type Product, slug } from "../src/catalogue.js";
import { data, html } from "../src/html.js";
import { layout, policy } from "../src/layout.js";
import { categoryPages, PAGE_SIZE } from "../src/pages/category.js";
import { productPage, template } from "../src/pages/product.js";

function product(id: string, more: Partial<Product> = {}): Product {
  return {
    id,
    title: `Thing ${id}`,
    url: `/p/${id}/`,
    image: `/img/${id}.svg`,
    brand: "",
    category: "Kitchen & Dining",
    price: 2.5,
    compareAt: 0,
    created: "2010-12-01",
    inStock: true,
    tags: [],
    ...more,
  };
}

describe("html", () => {
  it("escapes every value, in text and in attributes", () => {
    expect(html`<a title="${`"><script>`}">${"<b>&'"}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</a>',
    );
  });

  it("inserts markup and lists of it, and leaves out what is absent", () => {
    expect(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${undefined}${false}</ul>`.text).toBe(
      "<ul><li>1</li><li>2</li></ul>",
    );
  });

  it("keeps a data script closed until its end", () => {
    expect(data("application/json", "</script><!--").text).toBe(
      '<script type="application/json">"\\u003c/script>\\u003c!--"</script>',
    );
  });
});

describe("catalogue", () => {
  it("reads quoted and empty fields", () => {
    expect(csvFields('1,"a ""b"", c",,d')).toEqual(["1", 'a "b", c', "", "d"]);
    expect(csvFields("")).toEqual([""]);
    expect(() => csvFields('1,"open')).toThrow(/not a CSV line/);
  });

  it.each([
    ["Kitchen & Dining", "kitchen-dining"],
    ["Café à la carte!", "cafe-a-la-carte"],
  ])("%s has the address %s", (name, address) => {
    expect(slug(name)).toBe(address);
  });

  it("puts what sells first and what is sold out last", () => {
    const products = [product("a"), product("b"), product("c", { inStock: false })];
    const shop = arrange(
      products,
      new Map([
        ["b", 5],
        ["c", 9],
      ]),
    );
    expect(shop.products.map(({ id }) => id)).toEqual(["b", "a", "c"]);
    expect(shop.bestSellers.map(({ id }) => id)).toEqual(["b", "a"]);
  });
});

describe("pages", () => {
  const products = Array.from({ length: PAGE_SIZE + 1 }, (_, n) => product(String(n)));
  const shop = arrange(products, new Map());
  const frame = { shop, boot: "boot()", key: "", stamp: "0" };

  it("allows the boot script by its hash and no other inline script", () => {
    const hash = createHash("sha256").update("boot()").digest("base64");
    expect(policy("boot()")).toContain(`'sha256-${hash}'`);
    expect(policy("boot()")).not.toContain("unsafe-inline");
  });

  it("carries every inline script's hash in the page's own policy", () => {
    const page = layout(productPage(products[0] as Product, shop), frame);
    const inline = [...page.matchAll(/<script(?![^>]*(?:src|type)=)[^>]*>([\s\S]*?)<\/script>/g)].map(
      (found) => found[1] ?? "",
    );
    expect(inline).toHaveLength(2);
    for (const script of inline) {
      expect(page).toContain(`sha256-${createHash("sha256").update(script).digest("base64")}`);
    }
  });

  it("gives every product one of the three templates, and only `shelf` its attributes", () => {
    const kinds = new Set(products.map(template));
    expect([...kinds].sort()).toEqual(["ga4", "plain", "shelf"]);
    for (const each of products) {
      const article = productPage(each, shop).main.text.includes(
        `<article class="product" data-shelf-item="${each.id}"`,
      );
      expect(article).toBe(template(each) === "shelf");
    }
  });

  it("pages a category", () => {
    const category = shop.categories[0];
    const pages = category ? categoryPages(category) : [];
    expect(pages.map(({ path }) => path)).toEqual(["/c/kitchen-dining/", "/c/kitchen-dining/2/"]);
  });

  it("holds no form control in a slot that a campaign fills", () => {
    for (const page of [productPage(products[0] as Product, shop)]) {
      const slots = page.main.text
        .split("data-shelf-slot=")
        .slice(1)
        .map((part) => part.split("</section>")[0] ?? "");
      expect(slots.at(-1)).not.toMatch(/<(?:input|button|select|textarea|form)/);
    }
  });
});

describe("search", () => {
  it("finds whole words before beginnings, and only titles with every word", () => {
    expect(match(["teacup"], "Pink Teacups")).toBe(3);
    expect(match(["tea"], "Pink Teacup")).toBe(1);
    expect(match(["pink", "mug"], "Pink Teacup")).toBe(0);
  });
});
