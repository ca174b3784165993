import type { Consent, ConsentChoice } from "./api.js";

/** Codes of `pack::kinds::ConsentMode`. */
export const CONTEXTUAL = 0;
export const REMEMBER = 1;
export const PERSONALISE = 2;
export type Mode = typeof CONTEXTUAL | typeof REMEMBER | typeof PERSONALISE;

/** Everything that has a say. */
export interface Voices {
  /** The configured default. */
  configured: Consent;
  /** The latest call, if there was one. */
  choice?: ConsentChoice | undefined;
  /** `navigator.globalPrivacyControl`. */
  gpc: boolean;
  /** Whether another tab withdrew since. */
  withdrawn: boolean;
}

/** What is allowed: any voice that says no wins; without a yes nothing is. */
export function consentMode({ configured, choice, gpc, withdrawn }: Voices): Mode {
  if (gpc || withdrawn) return CONTEXTUAL;
  if (choice) {
    if (!choice.remember) return CONTEXTUAL;
    return choice.personalise === false ? REMEMBER : PERSONALISE;
  }
  return configured === "granted" ? PERSONALISE : CONTEXTUAL;
}

export const globalPrivacyControl = (): boolean =>
  (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;

/** Tells other tabs that memory was erased, and hears it from them. */
export class Tabs {
  #channel: BroadcastChannel | undefined;

  /**
   * `erased` is called when another tab withdrew consent (`true`) or only forgot (`false`). A tab that was frozen
   * finds out when it is shown again, through `stale`.
   */
  constructor(shop: string, erased: (withdrawn: boolean) => void, stale: () => boolean) {
    try {
      this.#channel = new BroadcastChannel(`shelfwise:${shop}`);
      this.#channel.onmessage = (message) => erased(message.data === "withdrawn");
    } catch {
      // The storage event below is enough.
    }
    addEventListener("storage", (event) => {
      // The message can arrive before what it tells of can be read; this event does not. Browsers without
      // BroadcastChannel cannot tell the two apart: the safe one of them.
      if (event.key === `shelfwise:${shop}:epoch` && event.oldValue) erased(!this.#channel);
      if (event.key === null) erased(false);
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted && stale()) erased(true);
    });
  }

  tell(withdrawn: boolean): void {
    this.#channel?.postMessage(withdrawn ? "withdrawn" : "forgotten");
  }
}
