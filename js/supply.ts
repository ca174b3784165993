import { type Refusal, refusal } from "./errors.js";
import { type Guard, PRODUCTS } from "./guard.js";
import type { FileKind } from "./module.js";
import { openFile, type Pack, type PackPlace } from "./pack/pack.js";
import type { LoadedFile } from "./scene.js";

/** Most files fetched at once, and most rounds: an index, neighbours, then cards, each after its directories. */
const FILES_MAX = 16;
const ROUNDS_MAX = 12;

/** Fetches the shards that the module wants, each once. */
export class Supply {
  readonly files: LoadedFile[] = [];
  /** What was wanted: whether it came, as long as it is on its way; else nothing. */
  #asked = new Map<string, Promise<boolean> | undefined>();

  constructor(
    readonly guard: Guard,
    readonly place: PackPlace,
    readonly pack: Pack,
    readonly report: (refused: Refusal) => void,
  ) {}

  /** Fetches until nothing is wanted; `ask` renews the wish. True when something came. */
  async fetch(ask: () => void): Promise<boolean> {
    let came = false;
    for (let round = 0; ; round++) {
      this.guard.run(ask);
      if (round === ROUNDS_MAX) break;
      const wanted = this.guard
        .call((module) => module.wants(), "")
        .split("\n")
        .filter((line) => line && (this.#asked.get(line) || !this.#asked.has(line)))
        .slice(0, FILES_MAX);
      if (!wanted.length) break;
      const loaded = await Promise.all(wanted.map((line) => this.#asked.get(line) ?? this.#load(line)));
      if (!loaded.some(Boolean)) break;
      came = true;
    }
    return came;
  }

  async #load(line: string): Promise<boolean> {
    const coming = this.#fetch(line);
    this.#asked.set(line, coming);
    const came = await coming;
    this.#asked.set(line, undefined);
    return came;
  }

  async #fetch(line: string): Promise<boolean> {
    const [name = "", number = "", path = "", length = ""] = line.split("\t");
    const kind = name as FileKind;
    try {
      const [bytes] = await Promise.all([
        openFile(this.place, this.pack, kind, Number(number), path, Number(length)),
        this.guard.need(PRODUCTS),
      ]);
      // Calls answer nothing while more of the module is on its way.
      await this.guard.need(PRODUCTS);
      const code = this.guard.call((module) => module.load(kind, Number(number), bytes), -1);
      if (code > 0) throw refusal(`${kind} ${number}: code ${code & 255} at ${code >>> 8}`, "R209");
      this.files.push({ kind, number: Number(number), bytes });
      return code === 0;
    } catch (error) {
      this.report(refusal(error, "R209"));
      return false;
    }
  }
}
