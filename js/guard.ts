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
}

/**
 * The one way from the page into the module. Nothing thrown in there reaches the page: after a trap the instance
 * is dead, the merchant's markup is restored, and every later call answers with its fallback.
 */
export class Guard {
  #module: Module | undefined;
  #busy = false;
  #off = false;

  constructor(readonly actions: GuardActions) {}

  /** Whether calls reach a module. */
  get on(): boolean {
    return !!this.#module;
  }

  /** Lets calls through, unless the guard has gone off already. */
  open(module: Module): void {
    if (!this.#off) this.#module = module;
  }

  /** Calls the module; `fallback` when it is not there, is busy, or traps. */
  call<T>(enter: (module: Module) => T, fallback: T): T {
    if (!this.#module || this.#busy) return fallback;
    this.#busy = true;
    try {
      return enter(this.#module);
    } catch (error) {
      this.trip(error, "R102");
      return fallback;
    } finally {
      this.#busy = false;
    }
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
    this.#module = undefined;
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
