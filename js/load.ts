import { Refusal } from "./errors.js";

/** How wasm-bindgen's glue for the web starts a module. */
type Start = (options: { module_or_path: Promise<ArrayBuffer> }) => Promise<unknown>;

/** Fetches a module, which must have the hash that was known when this file was built, and starts it. */
export async function loadModule<C>(
  start: Start,
  Module: C,
  url: string | URL,
  integrity: string,
): Promise<C> {
  const options: RequestInit = { integrity, credentials: "omit", referrerPolicy: "no-referrer" };
  const response = await fetch(url, options);
  if (!response.ok) throw new Refusal("R101", `${response.status} ${url}`);
  await start({ module_or_path: response.arrayBuffer() });
  return Module;
}
