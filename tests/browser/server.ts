import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The demo shop as `cargo xtask demo --build-only` leaves it. */
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

/** Changes an answer: another body, or `null` for 404. */
export type Change = (path: string, body: Buffer) => Buffer | string | null;

/** A static server that notes every request and can be told to lie. */
export interface Shop {
  readonly url: string;
  readonly requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
  change: Change;
  close(): Promise<void>;
}

async function find(path: string): Promise<string> {
  const file = join(SITE, normalize(path));
  const entry = await stat(file).catch(() => undefined);
  return entry?.isDirectory() ? join(file, "index.html") : file;
}

/** Serves the demo shop on a free port of 127.0.0.1. */
export async function serve(): Promise<Shop> {
  const shop: Omit<Shop, "url"> & { url: string } = {
    url: "",
    requests: [],
    change: (_, body) => body,
    close: () => new Promise((done) => server.close(() => done())),
  };
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = request.url ?? "/";
    const body = Buffer.concat(parts).toString();
    shop.requests.push({ method: request.method ?? "", url, headers: request.headers, body });
    const path = decodeURIComponent(new URL(url, "http://shop").pathname);
    const file = await find(path);
    const found = await readFile(file).catch(() => null);
    const answer = found && shop.change(path, found);
    response.writeHead(answer === null ? 404 : 200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "cache-control": "no-store",
    });
    response.end(answer ?? "not found");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  shop.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return shop;
}
