// `node tests/figures/page.mjs target/demo`: prints one JSON object, measured in Chromium on the demo shop.
//
// first_home_br_bytes   Brotli bytes of ours (boot snippet, /shelfwise/, /pack/) that a first homepage view downloads
// main_thread_ms_4x     CPU time below a frame of our script or module in one homepage view, CPU throttled 4x
// default_frames_returning, cls_returning   a returning shopper's homepage: frames in which a slot of the first
//                       screen still was the merchant's default, by the pixels of what was painted (screencast) and by
//                       the text that each animation frame was to show, whichever is more; the cumulative layout shift
// default_frames_without_boot   the same without the boot snippet: it must be seen, or the measure is blind
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

/** The boot snippet in a page: the inline script that knows the shop. */
const BOOT = /<script data-shop=[^]*?<\/script>/;

const site = process.argv[2];
/** Whether pages are served with their boot snippet. */
const served = { boot: true };
const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://shop").pathname));
  let file = join(site, path);
  if (await stat(file).then((entry) => entry.isDirectory(), () => false)) file = join(file, "index.html");
  let body = await readFile(file).catch(() => null);
  if (!served.boot && extname(file) === ".html") body = String(body).replace(BOOT, "");
  response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  response.end(body ?? "not found");
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const executablePath = process.env.SHELFWISE_CHROMIUM ?? "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: flags });

const LONDON = { viewport: VIEW, timezoneId: "Europe/London", locale: "en-GB" };

/** A new shopper's page, who says yes in the shop's own banner. */
async function shopper() {
  const context = await browser.newContext(LONDON);
  const page = await context.newPage();
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.click('[data-do="consent-yes"]');
  await decided(page);
  return page;
}

/** Waits until the next homepage is decided and stored. */
async function decided(page) {
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => /^shelfwise:.*:boot$/.test(key)));
  await page.waitForTimeout(SETTLE_MS);
}

/** What a shopper does before coming back: looks at products of a category, wishes for one and takes another twice. */
async function browse(page) {
  const category = `${origin}/c/garden-picnic/`;
  for (const choose of ["wish", "cart", "cart"]) {
    await page.goto(category, { waitUntil: "load" });
    const link = await page.locator('.card a[href^="/p/"]').nth(choose === "wish" ? 0 : 1).getAttribute("href");
    await page.goto(origin + link, { waitUntil: "load" });
    await page.mouse.move(400, 300);
    await page.waitForTimeout(1500);
    await page.click(`.buy [data-do="${choose}"]`);
  }
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await decided(page);
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

/** Notes what each frame is about to show of the slots in the first screen, and every layout shift. */
const WATCH = () => {
  window.painted = { frames: [], shift: 0 };
  const look = () => {
    const slots = [...document.querySelectorAll("[data-shelf-slot]")].filter((slot) => {
      const { top, bottom } = slot.getBoundingClientRect();
      return bottom > 0 && top < innerHeight && slot.textContent.trim();
    });
    const texts = slots.map((slot) => [slot.dataset.shelfSlot, slot.textContent.replace(/\s+/g, " ").trim()]);
    if (texts.length) window.painted.frames.push(Object.fromEntries(texts));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.painted.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
};

/** A homepage view: its pictures as Chromium painted them, what each frame was to show, and where the slots are. */
async function view(page) {
  const client = await page.context().newCDPSession(page);
  const pictures = [];
  client.on("Page.screencastFrame", ({ data, sessionId }) => {
    pictures.push(data);
    client.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await page.goto("about:blank");
  const size = { maxWidth: VIEW.width, maxHeight: VIEW.height };
  await client.send("Page.startScreencast", { format: "png", everyNthFrame: 1, ...size });
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.waitForTimeout(SETTLE_MS);
  await client.send("Page.stopScreencast");
  await client.detach();
  const last = (await page.screenshot()).toString("base64");
  const slots = await page.$$eval("[data-shelf-slot]", (found) =>
    found
      .map((slot) => {
        const { x, y, width, height } = slot.getBoundingClientRect();
        return { x, y, width, height: Math.min(height, innerHeight - y) };
      })
      .filter(({ width, height, y }) => width > 0 && height > 0 && y >= 0),
  );
  return { pictures, last, slots, ...(await page.evaluate(() => window.painted)) };
}

/** Pictures of a view whose pixels in a slot are nearer to the default page than to the personal one. */
const defaultPictures = (judge, { pictures, slots }, defaults, personal) =>
  judge.evaluate(
    async ({ pictures, slots, defaults, personal, size }) => {
      const pixels = async (data) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
        const context = new OffscreenCanvas(size.width, size.height).getContext("2d", { willReadFrequently: true });
        context.drawImage(bitmap, 0, 0, size.width, size.height);
        return (slot) => context.getImageData(slot.x, slot.y, slot.width, slot.height).data;
      };
      const distance = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
      const [before, after] = [await pixels(defaults), await pixels(personal)];
      const changed = slots.filter((slot) => distance(before(slot), after(slot)) > 1);
      let shown = 0;
      for (const data of pictures) {
        const picture = await pixels(data);
        const isDefault = (slot) => {
          const data = picture(slot);
          // Before anything is painted a picture is of one colour, and like neither.
          if (data.every((value, at) => value === data[at % 4])) return false;
          return distance(data, before(slot)) < distance(data, after(slot)) / 2;
        };
        if (changed.some(isDefault)) shown++;
      }
      return { shown, changed: changed.length };
    },
    { pictures, slots, defaults, personal, size: VIEW },
  );

/** Frames that were to show the default text of a slot that is personal in the end. */
function defaultFrames({ frames }, defaults, personal) {
  const changed = Object.keys(personal).filter((slot) => personal[slot] !== defaults[slot]);
  return frames.filter((frame) => changed.some((slot) => frame[slot] === defaults[slot])).length;
}

/** What a returning shopper's views show, with the boot snippet and, as a proof that the measure sees, without. */
async function returning(page, judge) {
  const merchant = await (await browser.newContext({ ...LONDON, javaScriptEnabled: false })).newPage();
  await merchant.goto(`${origin}/`, { waitUntil: "load" });
  const picture = (await merchant.screenshot()).toString("base64");
  await merchant.context().close();
  await page.addInitScript(WATCH);
  served.boot = false;
  const bare = await view(page);
  served.boot = true;
  const views = [];
  for (let round = 0; round < ROUNDS; round++) views.push(await view(page));

  const { last, frames } = views.at(-1);
  const [defaults, personal] = [bare.frames[0], frames.at(-1)];
  const count = async (of) => {
    const { shown, changed } = await defaultPictures(judge, of, picture, last);
    if (changed === 0) throw new Error("the returning shopper's first screen is the default one; nothing to measure");
    return Math.max(shown, defaultFrames(of, defaults, personal));
  };
  const bareCount = await count(bare);
  if (bareCount === 0) throw new Error("no default frame was seen without the boot snippet: the measure is blind");
  const counts = [];
  for (const one of views) counts.push(await count(one));
  return {
    default_frames_returning: Math.max(...counts),
    default_frames_without_boot: bareCount,
    frames_returning: median(views.map((one) => one.frames.length)),
    pictures_returning: median(views.map((one) => one.pictures.length)),
    cls_returning: Number(Math.max(...views.map((one) => one.shift)).toFixed(4)),
  };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

try {
  const figures = { first_home_br_bytes: await firstHomeBytes() };
  const page = await shopper();
  await browse(page);
  Object.assign(figures, await returning(page, await browser.newPage()));
  const times = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await mainThreadMs(page));
  figures.main_thread_ms_4x = Number(median(times).toFixed(1));
  console.log(JSON.stringify(figures));
} finally {
  await browser.close();
  server.close();
}
