/** Runs when the main thread has nothing better to do, within two seconds. */
export const idle = (work: () => void): void => {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 50);
};

/** What frameworks that hydrate leave in the page. */
const HYDRATES =
  "#__next,#__nuxt,#___gatsby,[data-reactroot],[data-server-rendered],astro-island[ssr],script#__NEXT_DATA__";

/**
 * Waits until the page may be changed: its markup is parsed, and on a page that hydrates (found by signs, or
 * `<html data-shelf-hydrates>`) it has loaded and come to rest, because a change before that makes the framework
 * throw everything away and render again.
 */
export async function whenReady(): Promise<void> {
  if (document.readyState === "loading")
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  if (!document.querySelector(HYDRATES) && !("shelfHydrates" in document.documentElement.dataset)) return;
  if (document.readyState !== "complete")
    await new Promise((done) => addEventListener("load", done, { once: true }));
  await new Promise<void>(idle);
  await new Promise<void>(idle);
}
