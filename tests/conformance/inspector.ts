import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const GLUE = join(root, "target/glue/inspect/shelfwise_inspect.js");
const WASM = join(root, "dist/shelfwise_inspect_bg.wasm");
/** Where the native tests leave what they ran. */
const KEPT = join(root, "target/conformance");

/** The folder of the case files. */
export const CASES = join(root, "tests/conformance");

/** What cases use of `src/inspect/given.rs`. */
export interface Given {
  moment(view: object): void;
  decide(slots?: string[]): [slot: string, told: string | null][];
  fire(trigger: number, value: number): (string | null)[];
  reasons(): [id: string, reason: string][];
  value(path: string): unknown;
  history(question: unknown): unknown;
  items(number: number, bytes: Uint8Array): void;
  rows(rows: Uint32Array, reminder: boolean): [ids: string[], why: string[]][];
}

interface Inspector {
  Given: new (core: Uint8Array) => Given;
  evaluate(core: Uint8Array, variables: unknown): string;
  initSync(options: { module: Uint8Array }): unknown;
}

/** The inspector's module as it is built for shops, started. */
export async function inspector(): Promise<Inspector> {
  for (const file of [GLUE, WASM])
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`cargo xtask build\` first`);
  const glue = (await import(pathToFileURL(GLUE).href)) as Inspector;
  glue.initSync({ module: readFileSync(WASM) });
  return glue;
}

/** The newest change below a folder, milliseconds. */
function newest(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  });
  return Math.max(0, ...times);
}

/** A file that a native test left, which must be newer than the folders of sources that it comes from. */
export function kept(name: string, sources: string[], test: string): Buffer {
  const file = join(KEPT, name);
  const stale = sources.some(
    (folder) => existsSync(file) && newest(join(root, folder)) > statSync(file).mtimeMs,
  );
  if (stale || !existsSync(file))
    throw new Error(`${file} is ${stale ? "old" : "missing"}: run \`${test}\` first`);
  return readFileSync(file);
}
