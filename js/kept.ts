/** What the page side itself keeps, under one key: only after a yes, and erased with everything else. */
export interface Kept {
  /** Text of the last good `latest.json`. */
  latest?: string;
  /** Highest pack version seen. */
  version: number;
  /** How often the module trapped with that version. */
  traps: number;
}

const EMPTY: Kept = { version: 0, traps: 0 };

/** Storage of the page side. `allowed` is asked before every access; none ever throws. */
export class Keeper {
  constructor(
    readonly shop: string,
    readonly allowed: () => boolean,
  ) {}

  read(): Kept {
    const kept = this.get("latest");
    try {
      const value = JSON.parse(kept ?? "null") as Kept | null;
      return value && Number.isSafeInteger(value.version) ? value : EMPTY;
    } catch {
      return EMPTY;
    }
  }

  write(kept: Kept): void {
    try {
      if (this.allowed()) localStorage.setItem(`shelfwise:${this.shop}:latest`, JSON.stringify(kept));
    } catch {
      // Full or blocked: the next page view starts from the network.
    }
  }

  /** The text under a key of the shop's, or null. */
  get(key: string): string | null {
    try {
      return this.allowed() ? localStorage.getItem(`shelfwise:${this.shop}:${key}`) : null;
    } catch {
      return null;
    }
  }

  /** Erases all of the shop's keys but the epoch, which the module raises. */
  erase(): void {
    try {
      for (const key of Object.keys(localStorage))
        if (key.startsWith(`shelfwise:${this.shop}:`) && !key.endsWith(":epoch"))
          localStorage.removeItem(key);
    } catch {
      // Blocked: there is nothing of ours in it.
    }
  }
}
