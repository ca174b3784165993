import type { Heard } from "./api.js";
import { Refusal } from "./errors.js";

type Listener = (heard: never) => void;

/** Listeners of the shop's. One that throws hurts no other. */
export class Listeners {
  #lists = new Map<string, Set<Listener>>();

  on<K extends keyof Heard>(name: K, listener: (heard: Heard[K]) => void): () => void {
    const list = this.#lists.get(name) ?? new Set();
    this.#lists.set(name, list.add(listener));
    return () => list.delete(listener);
  }

  tell<K extends keyof Heard>(name: K, heard: Heard[K]): void {
    for (const listener of this.#lists.get(name) ?? []) {
      try {
        (listener as (heard: Heard[K]) => void)(heard);
      } catch (error) {
        if (name !== "error") {
          const { code, message } = new Refusal("R301", String(error));
          this.tell("error", { code, message });
        }
      }
    }
  }
}
