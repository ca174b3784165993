import { ERRORS, type ErrorCode, Refusal, refusal } from "./errors.js";
import type { Module } from "./module.js";

/** What the guard does with trouble. */
export interface GuardActions {
  /** Says it once, as a warning with a code and a link, and to listeners. */
  report(refused: Refusal): void;
  /** Gives the page back to the merchant. */
  restore(): void;
  /** Remembers a trap of this pack version; true when it was the second. */
  trapped(): boolean;
  /** Makes a module that is whole, once its other file is there. */
  whole(): Promise<Module>;
  /** The whole module is there and knows what the first file was told; what that could not answer can be asked again. */
  again(): void;
}

/** When the first file was told this often, half an hour of reading, the whole is fetched rather than more kept. */
const TOLD_MAX = 2_000;

/**
 * The one way from the page into the module. Nothing thrown in there reaches the page: after a trap the instance
 * is dead, the merchant's markup is restored, and every later call answers with its fallback.
 *
 * The module comes in two files. While only the first is there a trap, or an export that is missing, means that the
 * whole is needed: a new one is told all that the first was told, in order. Nothing is told twice by that, as the first never
 * stores anything; what a page that goes before the whole is there has done is not remembered.
 */
export class Guard {
  /** The arrival of the whole module, when calls had to wait for it. */
  coming: Promise<void> | undefined;
  #module: Module | undefined;
  #told: ((module: Module) => unknown)[] | undefined;
  #busy = false;
  #off = false;

  constructor(readonly actions: GuardActions) {}

  /** Whether calls reach a module. */
  get on(): boolean {
    return !!this.#module;
  }

  /** Whether the first of the module's files is all that runs. */
  get partial(): boolean {
    return !!this.#told;
  }

  /** Lets calls through, unless the guard has gone off already. */
  open(module: Module): void {
    if (this.#off) return;
    this.#module = module;
    // Product files are read by the rest alone.
    this.#told = "load" in module ? undefined : [];
  }

  /**
   * Calls the module; `fallback` when it is not there, is busy, or traps, and while the whole is on its way. Calls with a
   * text or a list for an answer only ask: all others are told again to a whole module, as of their own time, so `enter` may
   * depend on nothing that changes.
   */
  call<T>(enter: (module: Module) => T, fallback: T): T {
    if (!this.#module || this.#busy) return fallback;
    const asks = typeof fallback === "string" || Array.isArray(fallback);
    const at_ms = Date.now();
    const then = (module: Module) => {
      module.shift_clock(at_ms - Date.now());
      enter(module);
    };
    if (!asks && this.#told && this.#told.push(then) > TOLD_MAX) void this.whole();
    if (this.coming) return fallback;
    this.#busy = true;
    try {
      return enter(this.#module);
    } catch (error) {
      if (this.#told) void this.whole();
      else this.trip(error, "R102");
      return fallback;
    } finally {
      this.#busy = false;
    }
  }

  /** Fetches what is missing of the module, if anything is. Never fails: without it the guard goes off. */
  async whole(): Promise<void> {
    if (this.#told)
      this.coming ??= this.actions.whole().then(
        (module) => {
          const told = this.#told ?? [];
          this.coming = undefined;
          this.open(module);
          for (const then of told) this.call(then, undefined);
          this.call((module) => module.shift_clock(0), undefined);
          this.run(this.actions.again);
        },
        (error) => this.trip(error, "R101"),
      );
    await this.coming;
  }

  /** Runs page-side code that must not throw into the page; nothing runs once the guard is off. */
  run(work: () => void): void {
    if (this.#off) return;
    try {
      work();
    } catch (error) {
      this.actions.report(refusal(error, "R104"));
    }
  }

  /** A part that is loaded when it is needed could not be had: that is said, and the rest goes on without it. */
  readonly lost = (error: unknown): void => this.actions.report(refusal(error, "R101"));

  /** Goes off for this page. */
  trip(error: unknown, code: ErrorCode): void {
    if (this.#off) return;
    this.#off = true;
    this.#module = this.#told = this.coming = undefined;
    try {
      const twice = code === "R102" && this.actions.trapped();
      this.actions.restore();
      this.actions.report(twice ? new Refusal("R103") : refusal(error, code));
    } catch {
      // Giving the page back failed half way; there is nothing left to do for it.
    }
  }
}

let warned = false;

/** One console warning a page, with the code and where to read on. */
export function warn(refused: Refusal, docs: string): void {
  if (warned || !(refused.code in ERRORS)) return;
  warned = true;
  console.warn(`${refused.message} ${docs}#${refused.code.toLowerCase()}`);
}
