import { Refusal } from "./errors.js";
import type { ModuleClass } from "./module.js";

/** What wasm-bindgen's glue for the web exports. */
interface Glue<C> {
  default(options: { module_or_path: Promise<ArrayBuffer> | ArrayBuffer }): Promise<unknown>;
  Module: C;
}

/** Fetches a module, which must have the hash that was known when this file was built, and starts it. */
export async function loadModule<C = ModuleClass>(
  glue: Glue<C>,
  url: string | URL,
  integrity: string,
): Promise<C> {
  const options: RequestInit = { integrity, credentials: "omit", referrerPolicy: "no-referrer" };
  const response = await fetch(url, options);
  if (!response.ok) throw new Refusal("R101", `${response.status} ${url}`);
  await glue.default({ module_or_path: response.arrayBuffer() });
  return glue.Module;
}
