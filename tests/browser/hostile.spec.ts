import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ATTRIBUTE, TAG, type Tree } from "../../js/page/render.js";
import { stand } from "./stand.js";
import { keys, type Running, ready, slots } from "./visit.js";

declare const shelfwise: Running;

const at = stand();

const BOOT = "shelfwise:marigold-wren:boot";
const CORPORA = fileURLToPath(new URL("../../../shared/corpora/", import.meta.url));

/** Pages without a policy: nothing but the renderer stands between a tree and a script. */
const unprotected = (path: string, body: Buffer): Buffer | string =>
  /\.\w+$/.test(path)
    ? body
    : body.toString().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");

declare global {
  /** Calls that only a script of the tree would make. */
  var ran: string[];
}

/** A tab in which everything that an attack usually calls is noted, and every request to elsewhere. */
async function target(): Promise<{ page: Page; abroad: string[] }> {
  const page = await at.someone.context.newPage();
  const abroad: string[] = [];
  at.shop.change = unprotected;
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(at.shop.url) && !url.startsWith("data:")) abroad.push(url);
  });
  page.on("dialog", (dialog) => void dialog.dismiss());
  await page.addInitScript(() => {
    globalThis.ran = [];
    for (const name of ["alert", "confirm", "prompt", "print", "open"])
      Object.defineProperty(window, name, {
        get: () => (what: unknown) => {
          globalThis.ran.push(`${name}(${String(what)})`);
        },
      });
  });
  await page.goto(`${at.shop.url}/privacy/`);
  await page.evaluate(() => localStorage.setItem("marigold:consent", '"yes"'));
  return { page, abroad };
}

/** Opens the homepage with that payload left by a page view before, and does what wakes handlers. */
async function booted(page: Page, payload: unknown): Promise<void> {
  await page.evaluate(
    ([key, text]) => localStorage.setItem(key as string, text as string),
    [BOOT, typeof payload === "string" ? payload : JSON.stringify(payload)],
  );
  await page.goto(at.shop.url);
  await wake(page, '[data-shelf-slot="home.hero"]');
}

/** Moves over, focuses and clicks everything in an element; no page is left for it. */
async function wake(page: Page, selector: string): Promise<void> {
  await page.evaluate((selector) => {
    document.addEventListener("click", (event) => event.preventDefault());
    for (const node of document.querySelectorAll(`${selector} *`)) {
      for (const name of ["mouseover", "mouseenter", "focus", "click", "pointerdown", "wheel", "toggle"])
        node.dispatchEvent(new MouseEvent(name, { bubbles: true, cancelable: true }));
      (node as HTMLElement).focus?.();
    }
  }, selector);
  await page.waitForTimeout(150);
}

const payload = (slot: string, content: object) => ({
  v: 1,
  until: Date.now() + 3_600_000,
  slots: { [slot]: { id: "evil/one", ...content } },
});

/** What of an element's tree is not on the allow-list, or points elsewhere. */
const offending = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(
    ({ selector, tags, attributes }) => {
      const found: string[] = [];
      for (const node of document.querySelectorAll(`${selector} *`)) {
        if (!new RegExp(tags).test(node.localName)) found.push(node.localName);
        for (const { name, value } of node.attributes) {
          if (!new RegExp(attributes).test(name)) found.push(`${node.localName} ${name}`);
          else if (
            /^(href|src|cite)$/.test(name) &&
            new URL(value, document.baseURI).origin !== location.origin
          )
            found.push(`${node.localName} ${name}=${value}`);
        }
      }
      return found;
    },
    { selector, tags: TAG.source, attributes: ATTRIBUTE.source },
  );

const HOSTILE: Tree[] = [
  ["script", 0, "alert(1)"],
  ["SCRIPT", 0, "alert(1)"],
  ["img", { src: "/no", onerror: "alert(1)", ONLOAD: "alert(1)", style: "x" }],
  ["svg", { onload: "alert(1)" }, ["animate", { onbegin: "alert(1)" }]],
  ["iframe", { srcdoc: "<script>alert(1)</script>", src: "javascript:alert(1)" }],
  ["a", { href: "javascript:alert(1)" }, "x"],
  ["a", { href: "\u0001java\nscript:alert(1)" }, "x"],
  ["a", { href: "JAVASCRIPT&colon;alert(1)" }, "x"],
  ["a", { href: "data:text/html,<script>alert(1)</script>" }, "x"],
  ["a", { href: "//evil.example/" }, "x"],
  ["a", { href: "/\\evil.example/" }, "x"],
  ["a", { href: "https:evil.example" }, "x"],
  ["a", { Href: "javascript:alert(1)", "xlink:href": "javascript:alert(1)" }, "x"],
  ["form", { action: "javascript:alert(1)" }, ["button", { formaction: "javascript:alert(1)" }, "x"]],
  ["object", { data: "javascript:alert(1)" }],
  ["embed", { src: "javascript:alert(1)" }],
  ["base", { href: "https://evil.example/" }],
  ["meta", { "http-equiv": "refresh", content: "0;url=javascript:alert(1)" }],
  ["link", { rel: "stylesheet", href: "https://evil.example/x.css" }],
  ["style", 0, "@import 'https://evil.example/x.css'"],
  ["img", { src: "https://evil.example/x.png", srcset: ",https://evil.example/y.png" }],
  ["picture", 0, ["source", { srcset: "/a 1x,,https://evil.example/z.png 2x" }], ["img", { alt: "" }]],
  ["template", 0, ["script", 0, "alert(1)"]],
  ["math", 0, ["mtext", 0, ["img", { src: "x", onerror: "alert(1)" }]]],
  ["p", { id: "clobbered", name: "shelfwise", is: "x", slot: "x", part: "x" }, "x"],
  ["a\u0000", { href: "/" }, "x"],
  ["div", { "data-shelf-slot": "home.row-1", "data-shelf-order": "1" }, "<img src=x onerror=alert(1)>"],
  "<script>alert(1)</script>",
];

describe("a hostile tree", () => {
  it("in the boot payload runs nothing, points nowhere and keeps to the allow-list", async () => {
    const { page, abroad } = await target();
    await booted(page, payload("home.hero", { tree: ["div", { class: "evil" }, ...HOSTILE] }));
    expect(await page.locator('[data-shelf-slot="home.hero"] > .evil').count()).toBe(1);
    expect(await page.textContent('[data-shelf-slot="home.hero"]')).toContain("<script>alert(1)</script>");
    expect(await offending(page, '[data-shelf-slot="home.hero"]')).toEqual([]);
    expect([await page.evaluate(() => ran), abroad]).toEqual([[], []]);
    expect(at.someone.warnings).toEqual([]);
  });

  it("in a decision does the same", async () => {
    const { page, abroad } = await target();
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    await page.evaluate(
      async (tree) => {
        const scene = await shelfwise.scene();
        const [slot] = scene?.slots().keys() ?? [];
        if (!scene || !slot) throw new Error("no scene");
        const decision = { slot: "home.hero", campaign: "evil", variation: "one", kind: 1, reason: 0, tree };
        scene.show(slot, decision as unknown as Parameters<typeof scene.show>[1]);
      },
      ["div", { class: "evil" }, ...HOSTILE] as unknown as string[],
    );
    await wake(page, '[data-shelf-slot="home.hero"]');
    expect(await page.locator('[data-shelf-slot="home.hero"] > .evil').count()).toBe(1);
    expect(await offending(page, '[data-shelf-slot="home.hero"]')).toEqual([]);
    expect([await page.evaluate(() => ran), abroad]).toEqual([[], []]);
  });

  it("and the watch hears a script that does run", async () => {
    const { page, abroad } = await target();
    await page.goto(at.shop.url);
    await page.evaluate(() => {
      const slot = document.querySelector('[data-shelf-slot="home.hero"]');
      slot?.insertAdjacentHTML(
        "beforeend",
        '<img src="/no" onerror="alert(1)"><img src="https://evil.example/">',
      );
    });
    await page.waitForFunction(() => ran.length > 0);
    expect(await offending(page, '[data-shelf-slot="home.hero"]')).toContain("img onerror");
    expect(abroad).toEqual(["https://evil.example/"]);
  });
});

describe("a damaged boot payload leaves the merchant's page:", () => {
  const merchants = async (page: Page) => {
    at.shop.change = (path, body) => (path.startsWith("/shelfwise/") ? null : unprotected(path, body));
    await page.goto(at.shop.url);
    return slots(page);
  };
  const shapes: Record<string, unknown> = {
    "no JSON": '{"v":1,"until":',
    "of another version": { ...payload("home.hero", { tree: ["p", 0, "x"] }), v: 2 },
    "out of date": { ...payload("home.hero", { tree: ["p", 0, "x"] }), until: Date.now() - 1 },
    "without slots": { v: 1, until: Date.now() + 1e6 },
    "null for a tree": { v: 1, until: Date.now() + 1e6, slots: { "home.hero": { id: 7, tree: [null] } } },
    "a number for children": payload("home.hero", { tree: ["div", 0, 7] }),
    "a number for an order": payload("home.blocks", { order: 5 }),
    "an object for an order": payload("home.blocks", { order: { length: 4 } }),
    "prototypes for slots": { v: 1, until: Date.now() + 1e6, slots: { __proto__: 1, constructor: 2 } },
    "a number": "7",
    "too deep": payload("home.hero", { tree: ["a"] }),
  };
  for (const [name, shape] of Object.entries(shapes))
    it(name, async () => {
      const { page } = await target();
      const before = await merchants(page);
      const deep = name === "too deep" ? `${'["div",0,'.repeat(20_000)}"x"${"]".repeat(20_000)}` : undefined;
      const text = deep ? JSON.stringify(shape).replace('["a"]', deep) : shape;
      await booted(page, text);
      expect(await slots(page)).toEqual(before);
      expect(await page.locator("[data-shelf-block]").count()).toBe(4);
      // With the engine there as well.
      at.shop.change = unprotected;
      await page.reload();
      expect(await ready(page)).toBe(true);
      expect(await page.locator("[data-shelf-block]").count()).toBe(4);
      expect((await keys(page)).length).toBeGreaterThan(0);
      // What is only old, or empty, is nobody's fault.
      const old = /^(of another version|out of date|prototypes|null for a tree$|a number$)/.test(name);
      expect(at.someone.warnings).toEqual(old ? [] : [expect.stringMatching(/^Shelfwise R105: .*#r105$/)]);
    });
});

/** The public vectors, or nothing where the folder beside the project is missing. */
function vectors(): Record<string, string[]> {
  if (!existsSync(CORPORA)) {
    console.log(`no public attack vectors in ${CORPORA}: those tests are skipped`);
    return {};
  }
  const dompurify = JSON.parse(readFileSync(`${CORPORA}dompurify-vectors.json`, "utf8")) as {
    vectors: { payload: string }[];
  };
  return {
    DOMPurify: dompurify.vectors.map((vector) => vector.payload),
    payloadbox: readFileSync(`${CORPORA}payloadbox-xss.txt`, "utf8").split("\n").filter(Boolean),
  };
}

/** Trees as a browser's own parser reads the vectors, in a document that runs nothing. */
const parsed = (page: Page, html: string[]): Promise<Tree[]> =>
  page.evaluate((html) => {
    // A form's fields may shadow its properties: those of the prototypes are asked.
    const get = <T>(of: object, name: string, node: Node): T =>
      Object.getOwnPropertyDescriptor(of, name)?.get?.call(node);
    const inside = (node: Node): Tree[] =>
      [...get<NodeList>(Node.prototype, "childNodes", node)].flatMap(read);
    const read = (node: Node): Tree[] => {
      if (node instanceof Text) return [node.data];
      if (!(node instanceof Element)) return [];
      const named = [...get<NamedNodeMap>(Element.prototype, "attributes", node)];
      const attributes = Object.fromEntries(named.map(({ name, value }) => [name, value]));
      const within = node instanceof HTMLTemplateElement ? node.content : node;
      return [[get<string>(Element.prototype, "localName", node), attributes, ...inside(within)]];
    };
    return html.map((each) => {
      const { body, head } = new DOMParser().parseFromString(each, "text/html");
      return ["div", 0, ...inside(head), ...inside(body), each];
    });
  }, html);

describe("public attack vectors", { timeout: 90_000 }, () => {
  const sets = Object.entries(vectors());
  if (sets.length === 0) it.skip("are not here");
  it.each(sets)("of %s run nothing", async (_, html) => {
    const { page, abroad } = await target();
    const trees = await parsed(page, html);
    expect(trees.length).toBeGreaterThan(100);
    await booted(page, payload("home.hero", { tree: ["div", { class: "evil" }, ...trees] }));
    expect(await page.locator(".evil > div").count()).toBe(trees.length);
    expect(await offending(page, ".evil")).toEqual([]);
    expect([await page.evaluate(() => ran), abroad]).toEqual([[], []]);
  });
});
