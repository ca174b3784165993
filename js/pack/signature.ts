import { Refusal } from "../errors.js";
import { sha256 } from "./download.js";

/** Checks an Ed25519 signature where WebCrypto cannot. */
export type Verify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => Promise<boolean>;

/** Characters before the body of a signed file; see `docs/adr/0003-signed-envelope.md`. */
const FRONT = 138;
const SHAPE = /^\{"signature":"([A-Za-z0-9+/]{86}==)","key":"([0-9a-f]{16})","signed":$/;

/** Base64 to bytes; throws on anything else. */
export const base64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

async function check(
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
  fallback: () => Promise<Verify>,
): Promise<boolean> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return (await fallback())(signature, message, key);
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

/**
 * The body of a signed file, parsed after its signature was found good, never before.
 * Refuses with R201 (signature or shape) and R202 (a key that the page does not name).
 */
export async function verified(
  bytes: Uint8Array<ArrayBuffer>,
  role: "latest" | "manifest",
  keys: readonly string[],
  fallback: () => Promise<Verify>,
): Promise<unknown> {
  const [, signature, id] = SHAPE.exec(new TextDecoder("latin1").decode(bytes.subarray(0, FRONT))) ?? [];
  if (!signature || bytes.at(-1) !== 125) throw new Refusal("R201", role);
  const body = bytes.subarray(FRONT, -1);
  for (const text of keys) {
    const key = base64(text);
    if ((await sha256(key)).slice(0, 16) !== id) continue;
    const front = new TextEncoder().encode(`shelfwise-pack-v1\0${role}\0`);
    const message = new Uint8Array(front.length + body.length);
    message.set(front);
    message.set(body, front.length);
    if (!(await check(base64(signature), message, key, fallback))) throw new Refusal("R201", role);
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  }
  throw new Refusal("R202", role);
}
