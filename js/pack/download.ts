import { Refusal, refusal } from "../errors.js";

/**
 * The bytes at a URL, at most `most` of them: the download is broken off when more come.
 * Refuses with R200 (not there) or R204 (too long).
 */
export async function download(url: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const abort = new AbortController();
  try {
    const response = await fetch(url, {
      signal: abort.signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (!response.ok || !response.body) throw new Refusal("R200", `${response.status} ${url}`);
    const reader = response.body.getReader();
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > most) {
        abort.abort();
        throw new Refusal("R204", url);
      }
      parts.push(part.value);
    }
    const bytes = new Uint8Array(length);
    let offset = 0;
    for (const part of parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  } catch (error) {
    throw refusal(error, "R200");
  }
}

/** Lower-case hexadecimal. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 in hexadecimal. Refuses with R210 where the page has no WebCrypto (plain http). */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!globalThis.crypto?.subtle) throw new Refusal("R210");
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * Downloads a file that is signed for by its length and by its SHA-256, or the first half of it.
 * Refuses with R203 (hash) and R204 (length).
 */
export async function downloadSigned(
  url: string,
  length: number,
  hash: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await download(url, length);
  if (bytes.length !== length) throw new Refusal("R204", url);
  if (hash.length < 32 || !(await sha256(bytes)).startsWith(hash)) throw new Refusal("R203", url);
  return bytes;
}
