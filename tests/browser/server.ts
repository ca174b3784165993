import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The demo shop as `cargo xtask demo --build-only` leaves it; `SHELFWISE_SITE` names another copy. */
export const SITE =
  process.env.SHELFWISE_SITE ?? fileURLToPath(new URL("../../target/demo/", import.meta.url));

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Changes an answer: another body, or `null` for 404. `body` is empty where the site has no such file. */
export type Change = (path: string, body: Buffer) => Buffer | string | null | Promise<Buffer | string | null>;

/** A request as it reached the server. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A static server that notes every request and can be told to lie. */
export interface Shop {
  readonly url: string;
  /** Every request since the start or the last {@link Shop.honest}. */
  readonly requests: Asked[];
  change: Change;
  /** Response headers added to pages. */
  headers: Record<string, string>;
  /** Tells the truth again and forgets the requests so far. */
  honest(): void;
  close(): Promise<void>;
}

async function find(path: string): Promise<string> {
  const file = join(SITE, normalize(path));
  const entry = await stat(file).catch(() => undefined);
  return entry?.isDirectory() ? join(file, "index.html") : file;
}

/** Serves the demo shop on a free port of 127.0.0.1. */
export async function serve(): Promise<Shop> {
  const same: Change = (_, body) => body;
  const shop = {
    url: "",
    requests: [] as Asked[],
    change: same,
    headers: {} as Record<string, string>,
    honest() {
      shop.change = same;
      shop.headers = {};
      shop.requests.length = 0;
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = request.url ?? "/";
    const body = Buffer.concat(parts).toString();
    shop.requests.push({ method: request.method ?? "", url, headers: request.headers, body });
    const path = decodeURIComponent(new URL(url, "http://shop").pathname);
    const file = await find(path);
    const found = await readFile(file).catch(() => undefined);
    const changed = await shop.change(path, found ?? Buffer.alloc(0));
    const answer = found || changed?.length ? changed : null;
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(answer === null ? 404 : 200, {
      "content-type": type,
      // `no-store` would keep pages out of the back/forward cache.
      "cache-control": "no-cache",
      ...(type.startsWith("text/html") && shop.headers),
    });
    response.end(answer ?? "not found");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  shop.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return shop;
}
