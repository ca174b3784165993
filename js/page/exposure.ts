const SEEN_MS = 1000;

/** Calls back once an element was half visible (or filled half the window) for a second on end. */
export class Exposure {
  #waiting = new Map<Element, { seen: () => void; timer?: ReturnType<typeof setTimeout> | undefined }>();
  #observer =
    typeof IntersectionObserver === "function"
      ? new IntersectionObserver((entries) => this.#look(entries), { threshold: [0, 0.25, 0.5, 0.75, 1] })
      : undefined;

  watch(element: Element, seen: () => void): void {
    this.forget(element);
    this.#waiting.set(element, { seen });
    this.#observer?.observe(element);
  }

  forget(element: Element): void {
    clearTimeout(this.#waiting.get(element)?.timer);
    this.#waiting.delete(element);
    this.#observer?.unobserve(element);
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const waiting = this.#waiting.get(entry.target);
      if (!waiting) continue;
      const half = entry.intersectionRatio >= 0.5;
      const fills =
        entry.intersectionRect.height >= (entry.rootBounds?.height ?? Number.POSITIVE_INFINITY) / 2;
      clearTimeout(waiting.timer);
      waiting.timer = half || fills ? setTimeout(() => this.#done(entry.target), SEEN_MS) : undefined;
    }
  }

  #done(element: Element): void {
    const waiting = this.#waiting.get(element);
    if (!waiting) return;
    if (document.visibilityState !== "visible") {
      waiting.timer = setTimeout(() => this.#done(element), SEEN_MS);
      return;
    }
    this.forget(element);
    waiting.seen();
  }
}
