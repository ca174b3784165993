import type { ConsentChoice } from "./api.js";
import type { Mode } from "./consent.js";
import type { Decision, FileKind } from "./module.js";
import type { Outcome } from "./page/slots.js";
import type { Slot } from "./page/swap.js";

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
