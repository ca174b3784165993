/** Writes the whole site into a folder. */

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { icon } from "./art/motif.js";
import { picture } from "./art/picture.js";
import { arrange, readPopularity, readProducts, type Shop } from "./catalogue.js";
import { type Frame, layout, type Page } from "./layout.js";
import { categoryPages, departments } from "./pages/category.js";
import { home } from "./pages/home.js";
import { productPage } from "./pages/product.js";
import { servicePages } from "./pages/service.js";

const USAGE = `Builds the demo shop as static files.

  node www/store/build.mjs [options]

  --catalogue FILE  product catalogue (data/catalogue.csv)
  --orders FILE     order lines, for the best sellers (data/online-retail-orders.csv.gz)
  --dist FOLDER     built module, copied to OUT/shelfwise; without it the shop is built plain (dist)
  --key-file FILE   base64 public key of the pack
  --out FOLDER      where to write; everything but OUT/pack is replaced (target/demo)
  --help            this text`;

/** Where the project and its build products are. */
export interface Places {
  readonly root: string;
  /** Folder with shop.js and store.css as bundled. */
  readonly work: string;
}

/** Runs the command line; returns the exit code. */
export async function run(args: readonly string[], places: Places): Promise<number> {
  const text = { type: "string" } as const;
  const options = {
    catalogue: text,
    orders: text,
    dist: text,
    "key-file": text,
    out: text,
    help: { type: "boolean" },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const at = (path: string | undefined, standard: string) =>
      path === undefined ? join(places.root, standard) : resolve(path);
    const started = Date.now();
    const out = at(values.out, "target/demo");
    const orders = at(values.orders, "data/online-retail-orders.csv.gz");
    const [products, popularity] = await Promise.all([
      readProducts(at(values.catalogue, "data/catalogue.csv")),
      readPopularity(orders),
    ]);
    const shop = arrange(products, popularity);
    const frame = await readFrame(shop, at(values.dist, "dist"), values["key-file"], places);
    const count = await write(shop, frame, out, at(values.dist, "dist"), places);
    console.log(`${count} pages, ${products.length} pictures in ${out} (${Date.now() - started} ms)`);
    return 0;
  } catch (error) {
    console.error(`store: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function optional(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return "";
    }
    throw error;
  });
}

async function readFrame(
  shop: Shop,
  dist: string,
  keyFile: string | undefined,
  places: Places,
): Promise<Frame> {
  const boot = (await optional(join(dist, "boot.js"))).trim();
  if (/<\/script|<!--/i.test(boot)) {
    throw new Error("dist/boot.js cannot be inlined: it holds the text of a script tag");
  }
  const key = keyFile === undefined ? "" : (await readFile(resolve(keyFile), "utf8")).trim();
  if (key !== "" && !/^[A-Za-z0-9+/]{43}=$/.test(key)) {
    throw new Error(`${keyFile} does not hold a base64 Ed25519 public key (44 characters)`);
  }
  const assets = await Promise.all(["shop.js", "store.css"].map((name) => readFile(join(places.work, name))));
  const stamp = createHash("sha256").update(Buffer.concat(assets)).digest("hex").slice(0, 8);
  return { shop, boot, key, stamp };
}

/** Files to write: path below the output folder and text. */
function* files(shop: Shop, frame: Frame): Generator<[string, string]> {
  const pages: Page[] = [
    home(shop),
    departments(shop),
    ...shop.categories.flatMap(categoryPages),
    ...servicePages(shop),
  ];
  for (const page of pages) {
    yield [page.path.endsWith("/") ? `${page.path}index.html` : page.path, layout(page, frame)];
  }
  for (const product of shop.products) {
    yield [`${product.url}index.html`, layout(productPage(product, shop), frame)];
    yield [product.image, picture(product.title)];
  }
  yield ["/search.json", searchIndex(shop)];
  yield ["/icon.svg", favicon()];
}

/** Categories, and for each product its id, title, price, category number and whether it is in stock. */
function searchIndex(shop: Shop): string {
  const names = shop.categories.map((category) => category.name);
  const rows = shop.products.map((product) => [
    product.id,
    product.title,
    product.price,
    names.indexOf(product.category),
    product.inStock ? 1 : 0,
  ]);
  return JSON.stringify({ categories: names, products: rows });
}

function favicon(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="#22403a"/><g transform="translate(11 11) scale(1.08)" fill="none" stroke="#f6c667" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${icon("bird")}</g></svg>`;
}

const OWN = [
  "c",
  "p",
  "img",
  "fonts",
  "search",
  "wishlist",
  "cart",
  "checkout",
  "thank-you",
  "privacy",
  "shelfwise",
];

async function write(shop: Shop, frame: Frame, out: string, dist: string, places: Places): Promise<number> {
  await Promise.all(OWN.map((folder) => rm(join(out, folder), { recursive: true, force: true })));
  const folders = new Set<string>();
  let pages = 0;
  let batch: Promise<void>[] = [];
  for (const [path, text] of files(shop, frame)) {
    const file = join(out, path);
    const folder = dirname(file);
    if (!folders.has(folder)) {
      await mkdir(folder, { recursive: true });
      folders.add(folder);
    }
    batch.push(writeFile(file, text));
    pages += path.endsWith(".html") ? 1 : 0;
    if (batch.length === 256) {
      await Promise.all(batch);
      batch = [];
    }
  }
  await Promise.all(batch);
  await copyAssets(out, dist, frame, places);
  return pages;
}

async function copyAssets(out: string, dist: string, frame: Frame, places: Places): Promise<void> {
  const require = createRequire(import.meta.url);
  const font = (family: string) =>
    require.resolve(`@fontsource-variable/${family}/files/${family}-latin-wght-normal.woff2`);
  await mkdir(join(out, "fonts"), { recursive: true });
  await Promise.all([
    cp(font("fraunces"), join(out, "fonts/fraunces.woff2")),
    cp(font("figtree"), join(out, "fonts/figtree.woff2")),
    cp(join(places.work, "shop.js"), join(out, "shop.js")),
    cp(join(places.work, "store.css"), join(out, "store.css")),
    frame.boot ? cp(dist, join(out, "shelfwise"), { recursive: true }) : undefined,
  ]);
}
