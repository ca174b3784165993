import type { EventParameters } from "../api.js";
import type { Emit } from "./attributes.js";

type Layer = unknown[] & { push: (...entries: unknown[]) => number };

/**
 * Listens to a GA4 data layer: what is in it already, and every later push, in both forms
 * (`{event, ecommerce}` and gtag's `arguments`). `ecommerce: null` forgets what an earlier push left behind.
 */
export function watchDataLayer(emit: Emit, guard: (work: () => void) => void): void {
  const page = window as unknown as { dataLayer?: Layer };
  page.dataLayer ??= [] as unknown as Layer;
  const layer = page.dataLayer;
  let left: EventParameters | null = null;
  const read = (entry: unknown) => {
    if (!entry || typeof entry !== "object") return;
    const [command, name, parameters] = Array.from(entry as ArrayLike<unknown>);
    if (command === "event" && typeof name === "string") {
      emit(name.toLowerCase(), object(parameters));
      return;
    }
    const { event, ecommerce, ...rest } = entry as { event?: unknown; ecommerce?: unknown };
    if (ecommerce !== undefined)
      left = ecommerce && typeof ecommerce === "object" ? (ecommerce as EventParameters) : null;
    if (typeof event === "string") emit(event.toLowerCase(), { ...rest, ...left });
  };
  for (const entry of [...layer]) guard(() => read(entry));
  const push = layer.push;
  layer.push = function (...entries: unknown[]) {
    const length = push.apply(this, entries);
    for (const entry of entries) guard(() => read(entry));
    return length;
  };
}

const object = (value: unknown): EventParameters =>
  value && typeof value === "object" ? (value as EventParameters) : {};
