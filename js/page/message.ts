/** Shows messages; loaded when there is one to show. */

const KINDS = ["", "bar", "overlay", "toast"];
const TOAST_MS = 8000;

const SHEET = `
.shelfwise-message{position:fixed;z-index:2147483000;box-sizing:border-box;background:#fff;color:#1a1a1a;
box-shadow:0 2px 24px rgb(0 0 0/.24);padding:16px 52px 16px 20px;max-width:100vw;max-height:100vh;overflow:auto}
.shelfwise-bar{inset:0 0 auto}
.shelfwise-toast{inset:auto 16px 16px auto;max-width:min(380px,calc(100vw - 32px));border-radius:10px}
.shelfwise-overlay{inset:0;margin:auto;width:min(520px,calc(100vw - 32px));height:fit-content;border:0;border-radius:12px}
.shelfwise-overlay::backdrop{background:rgb(0 0 0/.45)}
.shelfwise-close{position:absolute;top:8px;inset-inline-end:8px;width:36px;height:36px;border:0;background:none;
color:inherit;font:24px/1 sans-serif;cursor:pointer;border-radius:50%}
.shelfwise-close:focus-visible{outline:2px solid currentColor}
@media (prefers-reduced-motion:no-preference){.shelfwise-message{transition:opacity .2s;opacity:1}
@starting-style{.shelfwise-message{opacity:0}}}`;

let styled = false;

/** Styles go through a constructed sheet: no `style=""`, no `<style>`, so that a strict CSP allows them. */
function style(): void {
  if (styled) return;
  styled = true;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // Without constructed sheets a message is plain, at the end of the page.
  }
}

/**
 * Shows nodes as a message of the kind with that code; returns its element, and the way to take it away. One message
 * of a kind at a time.
 */
export function showMessage(
  code: number,
  nodes: DocumentFragment,
): { element: HTMLElement; close: () => void } | undefined {
  const kind = KINDS[code];
  if (!kind || !nodes.hasChildNodes() || document.querySelector(`.shelfwise-${kind}`)) return undefined;
  style();
  const overlay = kind === "overlay";
  const element: HTMLElement = document.createElement(overlay ? "dialog" : "div");
  element.className = `shelfwise-message shelfwise-${kind}`;
  element.setAttribute("role", overlay ? "dialog" : kind === "toast" ? "status" : "region");
  const focused = document.activeElement as HTMLElement | null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    element.remove();
    if (overlay) focused?.focus?.({ preventScroll: true });
  };
  const button = document.createElement("button");
  button.type = "button";
  button.className = "shelfwise-close";
  button.textContent = "\u00d7";
  button.setAttribute("aria-label", label("close"));
  button.addEventListener("click", close);
  element.append(nodes, button);
  element.setAttribute("aria-label", element.querySelector("h1,h2,h3,h4")?.textContent ?? label("message"));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.body.append(element);
  if (overlay) {
    const dialog = element as HTMLDialogElement;
    dialog.addEventListener("close", close);
    dialog.addEventListener("click", (event) => event.target === dialog && close());
    dialog.showModal?.();
  }
  if (kind === "toast") {
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(close, TOAST_MS);
    };
    const stay = () => clearTimeout(timer);
    later();
    for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, stay);
    for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, later);
  }
  return { element, close };
}

const LABELS: Record<string, readonly [close: string, message: string]> = {
  en: ["Close", "Message"],
  de: ["Schließen", "Hinweis"],
  fr: ["Fermer", "Message"],
  es: ["Cerrar", "Mensaje"],
  it: ["Chiudi", "Messaggio"],
  nl: ["Sluiten", "Bericht"],
};

function label(name: "close" | "message"): string {
  const labels =
    LABELS[document.documentElement.lang.slice(0, 2)] ?? (LABELS.en as readonly [string, string]);
  return labels[name === "close" ? 0 : 1];
}
