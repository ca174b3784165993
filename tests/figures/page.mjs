// `node tests/figures/page.mjs target/demo`: prints one JSON object, measured in Chromium on the demo shop.
//
// first_home_br_bytes   Brotli bytes of ours (boot snippet, /shelfwise/, /pack/) that a first homepage view downloads
// main_thread_ms_4x     CPU time below a frame of our script or module in one homepage view, CPU throttled 4x
// default_frames_returning, cls_returning   a returning shopper's homepage: painted frames in which a slot still
//                       looked like the merchant's default, and the cumulative layout shift
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium } from "playwright-core";

const VIEW = { width: 1280, height: 800 };
const ROUNDS = 5;
const SETTLE_MS = 2500;
const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
  ".wasm": "application/wasm", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".bin": "application/octet-stream",
};

const site = process.argv[2];
const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://shop").pathname));
  let file = join(site, path);
  if (await stat(file).then((entry) => entry.isDirectory(), () => false)) file = join(file, "index.html");
  const body = await readFile(file).catch(() => null);
  response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  response.end(body ?? "not found");
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const executablePath = process.env.SHELFWISE_CHROMIUM ?? "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: flags });

/** A new shopper's page, with consent given as the shop's own banner would. */
async function shopper() {
  const context = await browser.newContext({ viewport: VIEW, timezoneId: "Europe/London", locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.evaluate(async () => {
    await window.shelfwise?.ready;
    await window.shelfwise?.consent({ remember: true, personalise: true });
  });
  await page.waitForTimeout(SETTLE_MS);
  return { context, page };
}

/** What a shopper does before coming back: looks at a category and three of its products, and wishes for one. */
async function browse(page) {
  const category = await page.locator('a[href^="/c/"]').nth(2).getAttribute("href");
  for (let product = 0; product < 3; product++) {
    await page.goto(origin + category, { waitUntil: "load" });
    const link = await page.locator('a[href^="/p/"]').nth(product).getAttribute("href");
    await page.goto(origin + link, { waitUntil: "load" });
    await page.mouse.move(400, 300);
    await page.waitForTimeout(1500);
    if (product === 0) await page.locator('[data-shelf-action="add_to_wishlist"]').first().click();
  }
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.waitForTimeout(SETTLE_MS);
}

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length;

async function firstHomeBytes() {
  const context = await browser.newContext({ viewport: VIEW });
  const page = await context.newPage();
  const bodies = [];
  page.on("response", (response) => {
    if (/^\/(shelfwise|pack)\//.test(new URL(response.url()).pathname)) bodies.push(response.body());
  });
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.waitForTimeout(SETTLE_MS);
  const boot = await readFile("dist/boot.js");
  const sizes = [boot, ...(await Promise.all(bodies))].map(brotli);
  await context.close();
  if (sizes.length < 4) throw new Error(`only ${sizes.length - 1} files of ours were asked for; the module did not start`);
  return sizes.reduce((sum, size) => sum + size);
}

/** Milliseconds of profile samples whose stack has a frame of ours: the script, the module, the inline snippet. */
function ourMilliseconds(profile) {
  const ours = new Map();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const isOurs = (id) => {
    if (id === undefined) return false;
    if (!ours.has(id)) {
      const { url } = nodes.get(id).callFrame;
      ours.set(id, url.includes("/shelfwise/") || url.startsWith("wasm:") || url === `${origin}/` || isOurs(parents.get(id)));
    }
    return ours.get(id);
  };
  let total = 0;
  profile.samples.forEach((id, at) => {
    if (isOurs(id)) total += profile.timeDeltas[at];
  });
  return total / 1000;
}

async function mainThreadMs(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await client.send("Profiler.enable");
  await client.send("Profiler.setSamplingInterval", { interval: 100 });
  await client.send("Profiler.start");
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.waitForTimeout(2 * SETTLE_MS);
  const { profile } = await client.send("Profiler.stop");
  await client.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await client.detach();
  return ourMilliseconds(profile);
}

/** Every slot's rectangle in the first screen. */
const slotRectangles = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("[data-shelf-slot]")].map((slot) => {
      const { x, y, width, height } = slot.getBoundingClientRect();
      return { x, y, width, height: Math.min(height, innerHeight - y) };
    }).filter(({ width, height, y }) => width > 0 && height > 0 && y >= 0),
  );

/** Counts frames that are nearer to the default picture than to the personal one, by their pixels in the slots. */
async function countDefaultFrames(judge, { frames, before, after, slots }) {
  return judge.evaluate(
    async ({ frames, before, after, slots, view }) => {
      const pixels = async (data) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
        const canvas = new OffscreenCanvas(view.width, view.height);
        const context = canvas.getContext("2d", { willReadFrequently: true });
        context.drawImage(bitmap, 0, 0, view.width, view.height);
        return (slot) => context.getImageData(slot.x, slot.y, slot.width, slot.height).data;
      };
      const distance = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
      const [defaults, personal] = [await pixels(before), await pixels(after)];
      const changed = slots.filter((slot) => distance(defaults(slot), personal(slot)) > 2);
      let shown = 0;
      for (const data of frames) {
        const frame = await pixels(data);
        if (changed.some((slot) => distance(frame(slot), defaults(slot)) < distance(frame(slot), personal(slot)) / 2)) shown++;
      }
      return { shown, changed: changed.length };
    },
    { frames, before, after, slots, view: VIEW },
  );
}

async function returningFrames(page, judge, before) {
  const client = await page.context().newCDPSession(page);
  const frames = [];
  client.on("Page.screencastFrame", ({ data, sessionId }) => {
    frames.push(data);
    client.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await page.goto("about:blank");
  await client.send("Page.startScreencast", { format: "png", everyNthFrame: 1, maxWidth: VIEW.width, maxHeight: VIEW.height });
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.waitForTimeout(SETTLE_MS);
  await client.send("Page.stopScreencast");
  await client.detach();
  const after = (await page.screenshot()).toString("base64");
  const shift = await page.evaluate(
    () => new Promise((done) => {
      let total = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(total), 200);
    }),
  );
  const slots = await slotRectangles(page);
  const { shown, changed } = await countDefaultFrames(judge, { frames, before, after, slots });
  return { shown, changed, shift, frames: frames.length };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

try {
  const figures = { first_home_br_bytes: await firstHomeBytes() };
  const plain = await browser.newContext({ viewport: VIEW, timezoneId: "Europe/London", locale: "en-GB", javaScriptEnabled: false });
  const merchant = await plain.newPage();
  await merchant.goto(`${origin}/`, { waitUntil: "load" });
  const before = (await merchant.screenshot()).toString("base64");
  const judge = await browser.newPage();

  const { page } = await shopper();
  await browse(page);
  const views = [];
  for (let round = 0; round < ROUNDS; round++) views.push(await returningFrames(page, judge, before));
  if (views.some((view) => view.changed === 0)) throw new Error("the returning shopper's homepage is the default one; nothing to measure");
  figures.default_frames_returning = Math.max(...views.map((view) => view.shown));
  figures.frames_seen_returning = median(views.map((view) => view.frames));
  figures.slots_changed_returning = median(views.map((view) => view.changed));
  figures.cls_returning = Number(Math.max(...views.map((view) => view.shift)).toFixed(4));

  const times = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await mainThreadMs(page));
  figures.main_thread_ms_4x = Number(median(times).toFixed(1));
  console.log(JSON.stringify(figures));
} finally {
  await browser.close();
  server.close();
}
