import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Change, SITE } from "./server.js";

type Body = Record<string, unknown>;

/** Signed files of a pack, as `docs/adr/0003-signed-envelope.md` has them, with a key made for a test. */
export class Signer {
  /** Base64 of the raw public key, as in `data-key`. */
  readonly key: string;
  readonly #id: string;
  readonly #private: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    this.key = raw.toString("base64");
    this.#id = hash(raw).slice(0, 16);
    this.#private = privateKey;
  }

  sign(role: "latest" | "manifest", body: Body): string {
    const text = JSON.stringify(body);
    const message = Buffer.from(`shelfwise-pack-v1\0${role}\0${text}`);
    const signature = sign(null, message, this.#private).toString("base64");
    return `{"signature":"${signature}","key":"${this.#id}","signed":${text}}`;
  }
}

const hash = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** The body of a signed file of the shop's pack. */
const signed = async (path: string): Promise<Body> =>
  JSON.parse(await readFile(join(SITE, "pack", path), "utf8")).signed;

/** Differences of a pack from the shop's own. */
export interface Edit {
  latest?: Body;
  manifest?: Body;
  /** Files by the start of their name, with other bytes: rightly hashed and signed for. */
  files?: Record<string, Buffer>;
  /** Who signs; pages name this key. */
  signer?: Signer;
}

/** A server's answers for the shop's pack with some differences, signed by a key that the pages name. */
export async function repacked({
  latest,
  manifest,
  files = {},
  signer = new Signer(),
}: Edit): Promise<Change> {
  const was = await signed("latest.json");
  const { path } = was.manifest as { path: string };
  const contents = await signed(path);
  const listed = (contents.files as { kind: string; path: string }[]).map((file) => {
    const other = files[file.kind];
    return other ? { ...file, hash: hash(other), length: other.length } : file;
  });
  const signedManifest = signer.sign("manifest", { ...contents, files: listed, ...manifest });
  const signedLatest = signer.sign("latest", {
    ...was,
    manifest: { path, hash: hash(signedManifest), length: Buffer.byteLength(signedManifest) },
    ...latest,
  });
  return (asked, body) => {
    if (asked === "/pack/latest.json") return signedLatest;
    if (asked === `/pack/${path}`) return signedManifest;
    const kind = Object.keys(files).find((kind) => asked.startsWith(`/pack/${kind}-`));
    if (kind) return files[kind] as Buffer;
    if (!body.subarray(0, 15).equals(Buffer.from("<!doctype html>"))) return body;
    return body.toString().replace(/data-key="[^"]*"/, `data-key="${signer.key}"`);
  };
}
