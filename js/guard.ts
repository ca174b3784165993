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
  /** Makes a module of so many files, once they are there. */
  module(files: number): Promise<Module>;
  /** More of the module is there and knows what it was told before; what could not be answered then can be asked again. */
  again(): void;
}

/** So many of the module's files answer what concerns products, and so many whatever there is. */
export const PRODUCTS = 2;
export const WHOLE = 3;

/** When the module was told this often, half an hour of reading, the whole is fetched rather than more kept. */
const TOLD_MAX = 2_000;

/**
 * The one way from the page into the module. Nothing thrown in there reaches the page: after a trap the instance
 * is dead, the merchant's markup is restored, and every later call answers with its fallback.
 *
 * The module comes in three files. While not all are there a trap, or an export that is missing, means that the next
 * is needed: a new module is told all that the one before was told, in order. Nothing is told twice by that, as only the whole
 * stores anything; what a page that goes before the whole is there has done is not remembered.
 */
export class Guard {
  /** The arrival of more of the module, when calls have to wait for it. */
  coming: Promise<void> | undefined;
  #module: Module | undefined;
  #files = 0;
  /** What the module was told, while it is not whole. */
  #told: ((module: Module) => unknown)[] | undefined;
  #busy = false;
  #off = false;

  constructor(readonly actions: GuardActions) {}

  /** Whether calls reach a module. */
  get on(): boolean {
    return !!this.#module;
  }

  /** Whether calls reach so many of the module's files. */
  has(files: number): boolean {
    return this.on && this.#files >= files;
  }

  /** Lets calls through, unless the guard has gone off already. */
  open(module: Module): void {
    if (this.#off) return;
    this.#module = module;
    // Exports that one file alone has tell which are there.
    this.#files = "tick" in module ? WHOLE : "load" in module ? PRODUCTS : 1;
    this.#told = this.#files < WHOLE ? [] : undefined;
  }

  /**
   * Calls the module; `fallback` when it is not there, is busy, or traps, and while more of it is on its way. Calls with a
   * text or a list for an answer only ask: all others are told again to a module of more files, as of their own time, so
   * `enter` may depend on nothing that changes.
   */
  call<T>(enter: (module: Module) => T, fallback: T): T {
    if (!this.#module || this.#busy) return fallback;
    const asks = typeof fallback === "string" || Array.isArray(fallback);
    const at_ms = Date.now();
    const then = (module: Module) => {
      module.shift_clock(at_ms - Date.now());
      enter(module);
    };
    if (!asks && this.#told && this.#told.push(then) > TOLD_MAX) void this.need(WHOLE);
    return this.#enter(enter, fallback);
  }

  #enter<T>(enter: (module: Module) => T, fallback: T): T {
    if (!this.#module || this.coming) return fallback;
    this.#busy = true;
    try {
      return enter(this.#module);
    } catch (error) {
      if (this.#told) void this.need(this.#files + 1);
      else this.trip(error, "R102");
      return fallback;
    } finally {
      this.#busy = false;
    }
  }

  /**
   * Fetches what is missing of so many of the module's files, and waits while more of it is on its way, for whoever. Never
   * fails: without them the guard goes off.
   */
  async need(files: number): Promise<void> {
    // What comes may be less than that, or not enough for what was told meanwhile.
    while (this.coming || (this.#told && this.#files < files)) {
      this.coming ??= this.actions.module(files).then(
        (module) => this.#more(module),
        (error) => this.trip(error, "R101"),
      );
      await this.coming;
    }
  }

  #more(module: Module): void {
    const told = this.#told ?? [];
    this.coming = undefined;
    this.open(module);
    if (this.#told) this.#told = told;
    for (const then of told) this.#enter(then, undefined);
    this.#enter((inside) => inside.shift_clock(0), undefined);
    if (!this.coming) this.run(this.actions.again);
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
