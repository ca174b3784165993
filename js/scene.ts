import type { ConsentChoice, Shelfwise } from "./api.js";
import type { Mode } from "./consent.js";
import type { Guard } from "./guard.js";
import type { Decision, FileKind } from "./module.js";
import { openFile, type Pack, type PackPlace } from "./pack/pack.js";
import { type Outcome, restoreAll, slots } from "./page/slots.js";
import type { Slot } from "./page/swap.js";
import type { Stage } from "./stage.js";
import type { Supply } from "./supply.js";
import type { Tracking } from "./tracking.js";

/** A file of the pack that the page has loaded. */
export interface LoadedFile {
  kind: FileKind;
  number: number;
  bytes: Uint8Array;
}

/** What the inspector sees of a running page, and what it may do to it. */
export interface Scene {
  readonly shop: string;
  readonly version: number;
  readonly mode: Mode;
  /** The verified core file. */
  readonly core: Uint8Array;
  /** Shards and directories loaded so far. */
  readonly files: readonly LoadedFile[];
  /** Campaigns withdrawn after the release. */
  readonly withdrawn: readonly string[];
  /** Facts of this page, as given to the module: lines `key<TAB>value`. */
  readonly facts: string;
  /** The decisions of the last pass, by slot. */
  readonly decisions: readonly Decision[];
  /** Everything remembered, as the module exports it (JSON). */
  memory(): string;
  /** Slots of this page. */
  slots(): Map<Slot, string>;
  /** Gives a slot a decision at once, seen or not. */
  show(slot: Slot, decision: Decision): Outcome;
  /** Puts the merchant's own markup back everywhere. */
  restore(): void;
  /** Decides and shows again for the real shopper. */
  again(): void;
  /** Verifies and downloads a file that an inspecting module wants. */
  file(kind: FileKind, number: number, path: string, length: number): Promise<Uint8Array>;
  consent(choice: ConsentChoice): void;
  forget(): void;
}

/** What a running page is made of. */
export interface Parts {
  place: PackPlace;
  pack: Pack;
  stage: Stage;
  supply: Supply;
  tracking: Tracking;
  guard: Guard;
  mode(): Mode;
  api: Pick<Shelfwise, "consent" | "forget">;
}

/** The scene of a running page. Loaded with the inspector; marks on elements are the same for all of our scripts. */
export const sceneOf = ({ place, pack, stage, supply, tracking, guard, mode, api }: Parts): Scene => ({
  shop: place.shop,
  version: pack.version,
  core: pack.core,
  withdrawn: pack.withdrawn,
  files: supply.files,
  get mode() {
    return mode();
  },
  get facts() {
    return tracking.facts;
  },
  get decisions() {
    return stage.decisions;
  },
  memory: () => guard.call((module) => module.export(), "null"),
  slots,
  show: (slot, decision) => stage.show(slot, decision, true),
  restore: restoreAll,
  again: () => {
    for (const [slot, name] of slots())
      for (const decision of stage.ask([name])) stage.show(slot, decision, true);
  },
  file: (kind, number, path, length) => openFile(place, pack, kind, number, path, length),
  consent: (choice) => api.consent(choice),
  forget: () => api.forget(),
});
