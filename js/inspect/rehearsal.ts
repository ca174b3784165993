/** A second module that decides what the page's own would decide, for the real shopper or another, now or later. */

import type { Card, Decision, FileKind, InspectModule, ModuleClass } from "../module.js";
import { lines } from "../page/facts.js";
import type { Scene } from "../scene.js";
import type { Persona } from "./persona.js";
import { type ReasonText, reasonText } from "./reasons.js";

/** Most rounds of fetching what a decision wants: directories, an index, neighbours, then cards. */
const ROUNDS_MAX = 8;

/** One predicate of an audience. */
export interface Condition {
  readonly text: string;
  /** Undefined = it could not be computed. */
  readonly holds: boolean | undefined;
}

/** One campaign, and why it shows or not. */
export interface Story {
  readonly id: string;
  /** Empty for messages and triggers. */
  readonly slot: string;
  readonly reason: ReasonText;
  readonly audience: readonly Condition[];
  readonly exposures: number;
}

/** What a rehearsal found. */
export interface Told {
  readonly decisions: readonly Decision[];
  readonly stories: readonly Story[];
  readonly traits: ReadonlyArray<readonly [path: string, value: string]>;
  readonly memory: unknown;
  /** Undefined without consent to remember, and where storage is blocked. */
  readonly stored: Stored | undefined;
}

/** What the shop's keys take in the browser's store. */
export interface Stored {
  readonly bytes: number;
  readonly bytes_max: number;
  readonly keys: ReadonlyArray<{ readonly name: string; readonly bytes: number }>;
}

/** Who, when, and with what taste. */
export interface Role {
  readonly persona: Persona;
  /** Milliseconds from the real time. */
  readonly shift_ms: number;
  /** Category that an invented shopper likes; empty = the best sellers of all. */
  readonly taste: string;
}

/** Rehearses a page for shoppers. */
export class Rehearsal {
  /** Best sellers of the pack, from which invented shoppers choose. */
  #sold: readonly Card[] | undefined;

  constructor(
    readonly scene: Scene,
    readonly Module: ModuleClass<InspectModule>,
  ) {}

  /** Categories that an invented shopper can like. */
  async tastes(): Promise<string[]> {
    return [...new Set((await this.#bestSellers()).flatMap((card) => card.category || []))].sort();
  }

  /** Decides all slots of the page in a role. Loads product files that the role needs. */
  async play(role: Role): Promise<Told> {
    const { scene } = this;
    const past = role.persona.past;
    const sold = past ? await this.#bestSellers() : [];
    const products = sold.filter((card) => role.taste === "" || card.category === role.taste);
    const now_s = Math.floor((Date.now() + role.shift_ms) / 1000);
    const module = this.#module(role.shift_ms);
    try {
      module.replay(past ? JSON.stringify({ events: past(now_s, products) }) : scene.memory());
      module.page(scene.facts + lines(role.persona.facts));
      const names = [...new Set(scene.slots().values())].join("\n");
      const decisions = await this.#settled(module, () => JSON.parse(module.decide(names)) as Decision[]);
      return {
        decisions,
        stories: readStories(module.explain(names)),
        traits: readTraits(module.traits()),
        memory: module.memory(),
        stored: scene.mode > 0 ? ((module.stored(scene.shop) as Stored | null) ?? undefined) : undefined,
      };
    } finally {
      module.free?.();
    }
  }

  #module(shift_ms: number): InspectModule {
    const { scene } = this;
    const module = new this.Module(scene.shop);
    module.shift_clock(shift_ms);
    module.core(scene.core);
    module.withdrawn(scene.withdrawn.join("\n"));
    for (const { kind, number, bytes } of scene.files) module.load(kind, number, bytes);
    return module;
  }

  /** Asks, and asks again while product files that the answer wants can still be had. */
  async #settled<T>(module: InspectModule, ask: () => T): Promise<T> {
    let answer = ask();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const wanted = module.wants().split("\n").filter(Boolean);
      const loaded = await Promise.all(wanted.map((line) => this.#load(module, line)));
      if (!loaded.includes(true)) break;
      answer = ask();
    }
    return answer;
  }

  async #load(module: InspectModule, line: string): Promise<boolean> {
    const [kind = "", number = "", path = "", length = ""] = line.split("\t");
    try {
      const bytes = await this.scene.file(kind as FileKind, Number(number), path, Number(length));
      return module.load(kind as FileKind, Number(number), bytes) === 0;
    } catch {
      return false;
    }
  }

  async #bestSellers(): Promise<readonly Card[]> {
    if (!this.#sold) {
      const module = this.#module(0);
      try {
        this.#sold = await this.#settled(
          module,
          () => JSON.parse(module.recommend("best-sellers", 48, "")) as Card[],
        );
      } finally {
        module.free?.();
      }
    }
    return this.#sold;
  }
}

type Json = Record<string, unknown>;

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Reads the campaigns of `explain`. */
export function readStories(explained: unknown): Story[] {
  return list((explained as Json | null)?.campaigns).map((campaign) => ({
    id: String(campaign.id ?? ""),
    slot: String(campaign.slot ?? ""),
    reason: reasonText(campaign.reason),
    exposures: Number(campaign.exposures ?? 0),
    audience: list(campaign.audience).map((condition) => ({
      text: String(condition.text ?? condition.predicate ?? ""),
      holds: typeof condition.truth === "boolean" ? condition.truth : undefined,
    })),
  }));
}

/** Reads the traits: a list of `{path, value}` or an object by path. Absent values are left out. */
export function readTraits(traits: unknown): Array<readonly [string, string]> {
  const entries = Array.isArray(traits)
    ? list(traits).map((row) => [String(row.path), row.value] as const)
    : Object.entries((traits as Json | null) ?? {});
  return entries
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(
      ([path, value]) => [path, typeof value === "object" ? JSON.stringify(value) : String(value)] as const,
    );
}
