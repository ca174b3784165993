// @vitest-environment node
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verify } from "../entrypoints/ed25519.js";
import type { Refusal } from "../errors.js";
import { newer, openFile, openPack, type PackPlace } from "../pack/pack.js";

const served = new Map<string, Buffer>();
const server = createServer((request, response) => {
  const body = served.get((request.url ?? "").slice(1));
  response.writeHead(body ? 200 : 404).end(body);
});
let place: PackPlace;
let keys: { publicKey: KeyObject; privateKey: KeyObject };

const sha = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
const raw = (key: KeyObject) => key.export({ format: "der", type: "spki" }).subarray(-32);

function envelope(role: string, body: unknown, by = keys): Buffer {
  const text = Buffer.from(JSON.stringify(body));
  const signature = sign(
    null,
    Buffer.concat([Buffer.from(`shelfwise-pack-v1\0${role}\0`), text]),
    by.privateKey,
  );
  const key = sha(raw(by.publicKey)).slice(0, 16);
  const front = `{"signature":"${signature.toString("base64")}","key":"${key}","signed":`;
  return Buffer.concat([Buffer.from(front), text, Buffer.from("}")]);
}

function put(name: string, bytes: Buffer) {
  const path = `${name}-${sha(bytes).slice(0, 32)}.${name === "manifest" ? "json" : "bin"}`;
  served.set(path, bytes);
  return { path, hash: sha(bytes), length: bytes.length };
}

const soon = Math.trunc(Date.now() / 1000) + 3600;

/** Serves a good pack, with changes to its latest and manifest bodies. */
function release(latest: object = {}, manifest: object = {}, by = keys): void {
  served.clear();
  const core = put("core", Buffer.from("the core"));
  const page = put("directory-items-0", Buffer.from("a directory"));
  const files = [
    { kind: "core", number: 0, ...core },
    { kind: "directory-items", number: 0, ...page },
  ];
  const common = { shop: "demo", channel: "live", version: 7, expires: soon };
  const body = { ...common, issued: 1, sdk_minimum: "0.1.0", files, ...manifest };
  const signed = put("manifest", envelope("manifest", body, by));
  served.set(
    "latest.json",
    envelope("latest", { ...common, manifest: signed, withdrawn: ["old"], ...latest }, by),
  );
}

const open = (highest = 0, good?: string) => {
  const survived: Refusal[] = [];
  return openPack(place, highest, good, (refused) => survived.push(refused)).then(
    (pack) => ({ pack, survived: survived.map((refused) => refused.code) }),
    (refused: Refusal) => refused.code,
  );
};

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => void server.close());
beforeEach(() => {
  keys = generateKeyPairSync("ed25519");
  place = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    shop: "demo",
    keys: [raw(keys.publicKey).toString("base64")],
    fallback: async () => verify,
  };
  release();
});

describe("openPack", () => {
  it("opens what is signed", async () => {
    expect(await open(7)).toMatchObject({ pack: { version: 7, withdrawn: ["old"] }, survived: [] });
  });

  it("accepts either key while keys are rotated", async () => {
    const next = generateKeyPairSync("ed25519");
    place = { ...place, keys: [...place.keys, raw(next.publicKey).toString("base64")] };
    release({}, {}, next);
    expect(await open()).toMatchObject({ pack: { version: 7 } });
  });

  it.each<[string, () => void, string]>([
    ["nothing there", () => served.clear(), "R200"],
    ["another key", () => release({}, {}, generateKeyPairSync("ed25519")), "R202"],
    ["another shop", () => release({ shop: "other" }), "R205"],
    ["an expired latest", () => release({ expires: 1 }), "R206"],
    ["an expired manifest", () => release({}, { expires: 1 }), "R206"],
    ["no expiry", () => release({ expires: undefined }), "R206"],
    ["a manifest of another version", () => release({}, { version: 6 }), "R207"],
    ["a need for a newer page side", () => release({}, { sdk_minimum: "0.2.0" }), "R208"],
    ["no core", () => release({}, { files: [] }), "R209"],
    [
      "a path out of the folder",
      () => release({ manifest: { path: "../x.json", hash: "0".repeat(64), length: 1 } }),
      "R209",
    ],
    [
      "a manifest too long",
      () => release({ manifest: { path: "x.json", hash: "0".repeat(64), length: 2 ** 21 } }),
      "R204",
    ],
  ])("refuses %s", async (_, change, code) => {
    change();
    expect(await open()).toBe(code);
  });

  it("refuses an older version than one already seen", async () => {
    expect(await open(8)).toBe("R207");
  });

  it("refuses a manifest passed off as latest", async () => {
    served.set(
      "latest.json",
      [...served].find(([path]) => path.startsWith("manifest"))?.[1] ?? Buffer.alloc(0),
    );
    expect(await open()).toBe("R201");
  });

  it("refuses every single changed byte of latest.json", async () => {
    const good = served.get("latest.json") ?? Buffer.alloc(0);
    for (let at = 0; at < good.length; at += 7) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      served.set("latest.json", bad);
      expect(await open(), `byte ${at}`).toMatch(/^R20[12]$/);
    }
  });

  it("refuses truncated, longer and changed files", async () => {
    const [path = "", bytes = Buffer.alloc(0)] = [...served].find(([name]) => name.startsWith("core")) ?? [];
    served.set(path, bytes.subarray(1));
    expect(await open()).toBe("R204");
    served.set(path, Buffer.concat([bytes, bytes]));
    expect(await open()).toBe("R204");
    served.set(path, Buffer.from(bytes.map((byte) => byte ^ 1)));
    expect(await open()).toBe("R203");
  });

  it("falls back to the last good one while that is valid, and says why", async () => {
    const good = (served.get("latest.json") ?? "").toString();
    served.set("latest.json", Buffer.from("<html>"));
    expect(await open(7, good)).toMatchObject({ pack: { version: 7 }, survived: ["R201"] });
    release({ expires: 1 });
    const stale = (served.get("latest.json") ?? "").toString();
    served.delete("latest.json");
    expect(await open(7, stale)).toBe("R200");
  });
});

describe("openFile", () => {
  it("checks directories by the manifest and shards by their names", async () => {
    const opened = await open();
    if (typeof opened === "string") throw new Error(opened);
    const file = (
      ...parameters: Parameters<typeof openFile> extends [unknown, unknown, ...infer R] ? R : never
    ) =>
      openFile(place, opened.pack, ...parameters).then(
        (bytes) => Buffer.from(bytes).toString(),
        (refused: Refusal) => refused.code,
      );
    expect(await file("directory-items", 0, "", 0)).toBe("a directory");
    expect(await file("directory-items", 1, "", 0)).toBe("R209");
    const below = put("directory-items-3", Buffer.from("a page that a page lists"));
    expect(await file("directory-items", 3, below.path, below.length)).toBe("a page that a page lists");
    served.set(below.path, Buffer.from("a page that a page lies "));
    expect(await file("directory-items", 3, below.path, below.length)).toBe("R203");
    const shard = put("items-3", Buffer.from("a shard"));
    expect(await file("items", 3, shard.path, shard.length)).toBe("a shard");
    expect(await file("items", 3, shard.path, 3)).toBe("R204");
    expect(await file("items", 3, "items-3.bin", 7)).toBe("R209");
    served.set(shard.path, Buffer.from("a shArd"));
    expect(await file("items", 3, shard.path, shard.length)).toBe("R203");
  });
});

describe("the check of signatures without WebCrypto", () => {
  it("agrees with it", async () => {
    const message = Buffer.from("message");
    const signature = sign(null, message, keys.privateKey);
    const key = raw(keys.publicKey);
    expect(await verify(signature, message, key)).toBe(true);
    expect(await verify(signature, Buffer.from("massage"), key)).toBe(false);
  });
});

it("compares versions by number", () => {
  expect(newer("0.10.0", "0.9.9")).toBe(true);
  expect(newer("0.1.0", "0.1.0")).toBe(false);
  expect(newer("0.0.9", "0.1.0")).toBe(false);
});
