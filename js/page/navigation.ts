/** Calls back when an application changes the page without loading one: another path or query. */
export function watchNavigation(changed: () => void): void {
  let address = location.pathname + location.search;
  const look = () => {
    const now = location.pathname + location.search;
    if (now === address) return;
    address = now;
    changed();
  };
  const { navigation } = window as unknown as { navigation?: EventTarget };
  if (navigation?.addEventListener) navigation.addEventListener("currententrychange", look);
  else {
    addEventListener("popstate", look);
    // Where no event tells of `pushState`, the click that leads to it does.
    document.addEventListener("click", () => setTimeout(look, 50), { passive: true });
  }
}
