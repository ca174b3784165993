import { EXIT, IDLE } from "./facts.js";

// Codes of `pack::kinds::TriggerKind` that the page side watches for.
export const ON_PAGE = 1;
const ON_EXIT = 2;
const ON_IDLE = 3;
const ON_SCROLL = 4;
export const ON_DWELL = 5;
export const ON_CART = 6;
export const ON_PRICE = 7;
export const ON_STOCK = 8;

/**
 * Watches for the moments that messages and triggers wait for and passes each on as a code and a value
 * (seconds or percent), and as a fact of the page. Every moment is passed on once for each value it reaches. Returns
 * what begins anew on another page of an application.
 */
export function watchTriggers(
  fire: (trigger: number, value: number) => void,
  note: (fact: string | number, value: string | number) => void,
): () => void {
  document.documentElement.addEventListener("mouseleave", (event) => {
    if (event.clientY > 0) return;
    note(EXIT, "true");
    fire(ON_EXIT, 0);
  });

  let idle = 0;
  const act = () => {
    if (idle) note(IDLE, 0);
    idle = 0;
  };
  for (const name of ["pointerdown", "pointermove", "keydown", "scroll"])
    addEventListener(name, act, { passive: true, capture: true });
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    idle += 5;
    note(IDLE, idle);
    if (idle <= 600) fire(ON_IDLE, idle);
  }, 5000);

  let furthest = 0;
  let waiting = false;
  const look = () => {
    waiting = false;
    const { scrollHeight, clientHeight } = document.documentElement;
    const percent = Math.min(100, Math.round((100 * (scrollY + clientHeight)) / Math.max(1, scrollHeight)));
    if (percent < furthest + 5 && !(percent === 100 && furthest < 100)) return;
    furthest = percent;
    note("scroll_percent", percent);
    fire(ON_SCROLL, percent);
  };
  addEventListener(
    "scroll",
    () => {
      if (!waiting) setTimeout(look, 200);
      waiting = true;
    },
    { passive: true },
  );
  return () => {
    furthest = 0;
    act();
  };
}
