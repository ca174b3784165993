import type { Tree } from "./page/render.js";

/** The exports of the WebAssembly module that the page calls; `src/` defines them. */
export interface Module {
  core(bytes: Uint8Array): number;
  load(kind: FileKind, number: number, bytes: Uint8Array): number;
  wants(): string;
  consent(mode: number): void;
  page(fields: string): void;
  track(kind: number, text: string, value_minor: number, items: string): number;
  engaged(item: string, ms: number, clicks: number): void;
  leave(): void;
  note(fields: string): void;
  decide(slots: string): string;
  fire(trigger: number, value: number): string;
  exposed(campaign: string, variation: string): void;
  recommend(strategies: string, limit: number, item: string): string;
  prepare(): string;
  tick(): void;
  profile(fields: string): void;
  export(): string;
  forget(): void;
  forget_event(index: number): void;
  withdrawn(ids: string): void;
  force(lines: string): void;
  shift_clock(ms: number): void;
}

/** A module that can also explain: the inspector's build. */
export interface InspectModule extends Module {
  /** Gives the module's memory back, where the glue can. */
  free?(): void;
  explain(slots: string): unknown;
  traits(): unknown;
  memory(): unknown;
  stored(shop: string): unknown;
  replay(events: string): void;
}

/** Makes a module for a shop. */
export type ModuleClass<M extends Module = Module> = new (shop: string) => M;

export type FileKind = "items" | "index" | "directory-items" | "directory-index";

/** What one slot, or one fired trigger, gets now. */
export interface Decision {
  /** Slot name; absent for messages and triggers. */
  slot?: string;
  /** Winning campaign; empty when none could show. */
  campaign?: string;
  variation?: string;
  /** Code of the campaign kind (`pack::kinds::CampaignKind`). */
  kind: number;
  /** Code of the reason (`engine::reason::Reason`). */
  reason: number;
  /** What to show. */
  tree?: Tree;
  /** Id of the page's `<template>` to show instead, filled with `values`. */
  template?: string;
  values?: Record<string, string>;
  /** The order of the slot's blocks, or of a grid's products. */
  order?: string[];
  /** How much of a reranked grid's order is taste, in 255ths. */
  taste?: number;
  experiment?: { key: string; variation: number };
  /** Code of the message kind: 1 bar, 2 overlay, 3 toast. */
  message?: number;
  /** DOM event to dispatch. */
  event?: string;
}

/** A recommended product. Texts that the catalogue does not have are empty. */
export interface Card {
  id: string;
  title: string;
  url: string;
  image: string;
  brand: string;
  category: string;
  /** Price, in the currency's smallest unit. */
  price_minor: number;
  /** Price before reduction; 0 = not reduced. */
  compare_at_minor: number;
  /** The strategy that brought it. */
  strategy: string;
  /** Title of the product that it goes with. */
  because?: string;
}
