import { describe, expect, it } from "vitest";
import { repacked, Signer } from "./signing.js";
import { stand } from "./stand.js";
import { ready } from "./visit.js";

const at = stand();

/** A browser whose WebCrypto knows no Ed25519. */
const without = () => {
  const own = crypto.subtle.importKey.bind(crypto.subtle) as (...given: unknown[]) => Promise<CryptoKey>;
  Object.defineProperty(SubtleCrypto.prototype, "importKey", {
    value: (...given: unknown[]) =>
      (given[2] as { name?: string }).name === "Ed25519"
        ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
        : own(...given),
  });
};

describe("a browser without Ed25519", () => {
  it("loads a check of its own, once, and takes the shop's pack", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(without);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(true);
    expect(at.shop.requests.filter(({ url }) => url.endsWith("/ed25519.js"))).toHaveLength(1);
    expect(at.someone.warnings).toEqual([]);
  });

  it("refuses a pack that somebody else signed in the shop's name", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(without);
    const [other, shop] = [new Signer(), new Signer()];
    const forged = await repacked({ signer: other });
    // The envelope names the shop's key, over a signature of the other.
    const latest = String(await forged("/pack/latest.json", Buffer.alloc(0)));
    const named = /"key":"([0-9a-f]{16})"/.exec(shop.sign("latest", {}))?.[1];
    at.shop.change = (path, body) => {
      if (path === "/pack/latest.json") return latest.replace(/"key":"[0-9a-f]{16}"/, `"key":"${named}"`);
      return path === "/" ? body.toString().replace(/data-key="[^"]*"/, `data-key="${shop.key}"`) : body;
    };
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(false);
    expect(at.shop.requests.some(({ url }) => url.endsWith("/ed25519.js"))).toBe(true);
    expect(at.someone.warnings).toEqual([expect.stringMatching(/^Shelfwise R201/)]);
  });

  it("and no check to be had keeps the shop's page", async () => {
    const page = await at.someone.context.newPage();
    await page.addInitScript(without);
    at.shop.change = (path, body) => (path.endsWith("/ed25519.js") ? null : body);
    await page.goto(at.shop.url);
    expect(await ready(page)).toBe(false);
    expect(at.someone.warnings).toHaveLength(1);
  });
});
