import { Refusal, refusal } from "../errors.js";
import type { FileKind } from "../module.js";
import { download, downloadSigned } from "./download.js";
import { type Verify, verified } from "./signature.js";

/** Version of this page side, compared with a manifest's `sdk_minimum`. */
export const VERSION = "0.1.0";

/** Longest `latest.json`, manifest and other file, bytes; `pack::limits` has the last. */
const LATEST_MAX = 32 << 10;
const MANIFEST_MAX = 1 << 20;
const FILE_MAX = 8 << 20;

interface Latest {
  shop: string;
  channel: string;
  version: number;
  manifest: { path: string; hash: string; length: number };
  expires: number;
  withdrawn: string[];
}

interface ManifestFile {
  kind: "core" | FileKind;
  number: number;
  path: string;
  hash: string;
  length: number;
}

interface Manifest {
  shop: string;
  channel: string;
  version: number;
  expires: number;
  sdk_minimum: string;
  files: ManifestFile[];
}

/** Where a shop's packs are and who signs them. */
export interface PackPlace {
  /** Absolute URL of the folder, with a slash at its end. */
  base: string;
  shop: string;
  keys: readonly string[];
  /** Loads the check of signatures for browsers without it. */
  fallback: () => Promise<Verify>;
}

/** A pack whose signature, expiry, shop, version and core hash were found good. */
export interface Pack {
  version: number;
  withdrawn: readonly string[];
  core: Uint8Array;
  /** The text of its `latest.json`, to keep for a day when the next one cannot be had. */
  latest: string;
  files: readonly ManifestFile[];
}

/**
 * Opens the newest pack; when it is refused or cannot be had, the last good one if it is still valid.
 * `highest` is the highest version seen: anything older is refused. `report` hears a refusal that was survived.
 */
export async function openPack(
  place: PackPlace,
  highest: number,
  good: string | undefined,
  report: (refused: Refusal) => void,
): Promise<Pack> {
  try {
    return await open(place, await download(`${place.base}latest.json`, LATEST_MAX), highest);
  } catch (error) {
    const refused = refusal(error, "R209");
    if (good === undefined) throw refused;
    const pack = await open(place, new TextEncoder().encode(good), 0).catch(() => {
      throw refused;
    });
    report(refused);
    return pack;
  }
}

async function open(place: PackPlace, bytes: Uint8Array<ArrayBuffer>, highest: number): Promise<Pack> {
  const latest = (await verified(bytes, "latest", place.keys, place.fallback)) as Latest;
  current(latest, place.shop);
  if (!(latest.version >= highest)) throw new Refusal("R207", `${latest.version} < ${highest}`);

  const { path, hash, length } = latest.manifest;
  const signed = await file(place, path, hash, length, MANIFEST_MAX);
  const manifest = (await verified(signed, "manifest", place.keys, place.fallback)) as Manifest;
  current(manifest, place.shop);
  if (manifest.version !== latest.version || manifest.channel !== latest.channel)
    throw new Refusal("R207", path);
  if (newer(manifest.sdk_minimum, VERSION)) throw new Refusal("R208", manifest.sdk_minimum);

  const core = manifest.files.find((listed) => listed.kind === "core");
  if (!core) throw new Refusal("R209", path);
  return {
    version: latest.version,
    withdrawn: latest.withdrawn ?? [],
    core: await file(place, core.path, core.hash, core.length, FILE_MAX),
    latest: new TextDecoder().decode(bytes),
    files: manifest.files,
  };
}

function current(signed: { shop: string; expires: number }, shop: string): void {
  if (signed.shop !== shop) throw new Refusal("R205", signed.shop);
  if (!(signed.expires * 1000 > Date.now())) throw new Refusal("R206");
}

/** Whether a version `a.b.c` is newer than another. */
export function newer(left: string, right: string): boolean {
  const [a = [], b = []] = [left, right].map((version) => version.split(".").map(Number));
  const index = a.findIndex((part, place) => part !== b[place]);
  return index >= 0 && !((a[index] ?? 0) < (b[index] ?? 0));
}

async function file(place: PackPlace, path: string, hash: string, length: number, most: number) {
  if (!/^[\w-]+\.(bin|json)$/.test(path) || !/^[0-9a-f]{64}$/.test(hash)) throw new Refusal("R209", path);
  if (!(length <= most)) throw new Refusal("R204", path);
  return downloadSigned(place.base + path, length, hash);
}

/**
 * A file that the module wants: `path` and `length` come from an opened directory, and the path carries half of
 * its hash; a directory without a path comes from the manifest.
 */
export async function openFile(
  place: PackPlace,
  pack: Pack,
  kind: FileKind,
  number: number,
  path: string,
  length: number,
): Promise<Uint8Array> {
  if (!path) {
    const listed = pack.files.find((each) => each.kind === kind && each.number === number);
    if (!listed) throw new Refusal("R209", `${kind} ${number}`);
    return file(place, listed.path, listed.hash, listed.length, FILE_MAX);
  }
  const half = /^[a-z-]+-\d+-([0-9a-f]{32})\.bin$/.exec(path)?.[1];
  if (!half) throw new Refusal("R209", path);
  if (!(length <= FILE_MAX)) throw new Refusal("R204", path);
  return downloadSigned(place.base + path, length, half);
}
