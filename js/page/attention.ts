/** Without input for this long nobody is taken to be there, milliseconds. */
const INPUT_MS_MAX = 30_000;
const INPUT = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart", "wheel"];

/**
 * Counts attention: time in which the document is visible and focused and something was done in the last 30 s.
 * `count` gets what was added, about once a second; `leave` is called when the page is hidden or goes.
 * Which key or button it was is never looked at.
 */
export function attend(count: (ms: number) => void, leave: () => void): void {
  let since = 0;
  let input = performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  const add = () => {
    const now = performance.now();
    const ms = Math.min(now, input + INPUT_MS_MAX) - since;
    since = now;
    if (ms > 0) count(Math.round(ms));
  };
  const update = () => {
    const there = document.visibilityState === "visible" && document.hasFocus();
    if (there && !timer) {
      since = performance.now();
      timer = setInterval(update, 1000);
    } else if (timer) {
      add();
      if (!there) {
        clearInterval(timer);
        timer = undefined;
      }
    }
  };
  const act = () => {
    const now = performance.now();
    // The silence before this input was nobody's attention.
    if (now - input > INPUT_MS_MAX) {
      if (timer) add();
      since = now;
    }
    input = now;
  };
  const hide = () => {
    update();
    leave();
  };
  for (const name of INPUT) addEventListener(name, act, { passive: true, capture: true });
  for (const name of ["focus", "blur", "pageshow"]) addEventListener(name, update);
  document.addEventListener("visibilitychange", () =>
    document.visibilityState === "hidden" ? hide() : update(),
  );
  addEventListener("pagehide", () => {
    if (timer) {
      add();
      clearInterval(timer);
      timer = undefined;
    }
    leave();
  });
  update();
}

/** Runs when the page is really shown: at once, or when a prerendered page is activated. */
export function whenShown(work: () => void): void {
  if ((document as Document & { prerendering?: boolean }).prerendering)
    document.addEventListener("prerenderingchange", work, { once: true });
  else work();
}
