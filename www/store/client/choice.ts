/** The shop's consent banner and its privacy page. */

import { announce, element, keep, pounds, read } from "./state.js";
import { shelfwise } from "./talk.js";

type Choice = "yes" | "paused" | "no";

const SAYS: Readonly<Record<Choice | "", string>> = {
  yes: "On: this shop remembers in this browser and arranges itself for you.",
  paused: "Paused: what is remembered stays here, but pages are the same as for everybody.",
  no: "Off: nothing is read or stored; what you do now is forgotten when you leave the page.",
  "": "You have not chosen yet: nothing is read or stored until you do.",
};

/** Tells Shelfwise the shopper's choice, once per page; without a choice it stays at "ask". */
export function applyChoice(): void {
  const choice = read("consent");
  if (choice !== "") {
    tell(choice);
  } else {
    ask();
  }
}

function tell(choice: Choice): void {
  shelfwise().push(["consent", { remember: choice !== "no", personalise: choice === "yes" }]);
}

/** Keeps a choice, tells Shelfwise and closes the banner. */
export function choose(choice: Choice): void {
  keep("consent", choice);
  tell(choice);
  document.getElementById("consent")?.remove();
  announce(SAYS[choice]);
  void showPrivacy();
}

/** Shows the banner. */
export function ask(): void {
  if (document.getElementById("consent")) {
    return;
  }
  const button = (action: string, label: string, look: string) =>
    element("button", { class: look, "data-do": action }, label);
  document.body.append(
    element(
      "section",
      { id: "consent", class: "consent", "aria-label": "Your privacy" },
      element(
        "p",
        {},
        element("strong", {}, "May this shop get to know you? "),
        "It would remember what you look at, in this browser only, and arrange itself for you. Nothing about you is sent to us. ",
        element("a", { href: "/privacy/" }, "How it works"),
      ),
      element(
        "p",
        { class: "actions" },
        button("consent-yes", "Yes, remember me here", "button"),
        button("consent-no", "No, thank you", "button button-plain"),
      ),
    ),
  );
}

/** What the shopper is shown of the export; everything may be missing. */
interface Exported {
  profile?: Record<string, unknown>;
  events?: unknown[];
  wishlist?: unknown[];
  cart?: unknown[];
}

async function exported(): Promise<unknown> {
  const data = await shelfwise().export?.();
  return typeof data === "string" ? (JSON.parse(data) as unknown) : data;
}

/** Fills the privacy page; does nothing on others. */
export async function showPrivacy(): Promise<void> {
  const mode = document.getElementById("privacy-mode");
  const facts = document.getElementById("privacy-facts");
  const raw = document.getElementById("privacy-raw");
  if (!mode || !facts || !raw) {
    return;
  }
  mode.textContent = SAYS[read("consent")];
  const data = (await exported()) as Exported | undefined;
  showMuted(data);
  const rows = summary(data);
  facts.replaceChildren(
    ...rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
  raw.textContent =
    data === undefined ? "Shelfwise is not running on this page." : JSON.stringify(data, null, 2);
}

/** A button for each muted department, to hear of it again. */
function showMuted(data: Exported | undefined): void {
  const muted = data?.profile?.muted_brands;
  const buttons = (Array.isArray(muted) ? muted.map(String) : []).map((brand) => {
    const button = element("button", { class: "link", type: "button" }, `Hear of ${brand} again`);
    button.addEventListener("click", () => {
      shelfwise().push(["profile", { unmute_brand: brand }]);
      setTimeout(() => void showPrivacy(), 200);
    });
    return button;
  });
  document.getElementById("privacy-muted")?.replaceChildren(...buttons);
}

function summary(data: Exported | undefined): Array<readonly [string, string]> {
  const count = (list: unknown[] | undefined) => String(list?.length ?? 0);
  const facts = Object.entries(data?.profile ?? {}).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(", ") : String(value ?? "");
    if (name === "unit" || text === "" || text === "0") {
      return [];
    }
    const moment = /^(?:first|last)_(?:seen|order)$/.test(name);
    const shown = moment ? date(value) : name === "spend_minor" ? pounds(Number(value) / 100) : text;
    const words = name.replace("_minor", "").replace("brands", "departments").replace(/_/g, " ");
    return [[words.charAt(0).toUpperCase() + words.slice(1), shown] as const];
  });
  return [
    ["Events", count(data?.events)],
    ["On the wishlist", count(data?.wishlist)],
    ["In the basket", count(data?.cart)],
    ...facts,
  ];
}

function date(seconds: unknown): string {
  return new Date(Number(seconds) * 1000).toLocaleString("en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

/** Saves everything that is remembered as a file of the shopper's. */
export async function download(): Promise<void> {
  const blob = new Blob([JSON.stringify((await exported()) ?? {}, null, 2)], { type: "application/json" });
  const url = URL.createObjectURL(blob);
  const link = element("a", { href: url, download: "what-marigold-and-wren-remembers.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Erases what Shelfwise remembers; the choice itself stays. */
export async function forget(): Promise<void> {
  await shelfwise().forget?.();
  announce("Everything is erased");
  await showPrivacy();
}

/** The forms by which the shopper corrects what is remembered. */
export function listenCorrections(): void {
  const listen = (id: string, field: string, said: (value: string) => string) => {
    const form = document.getElementById(id);
    if (form instanceof HTMLFormElement) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const value = String(new FormData(form).get(field) ?? "").trim();
        shelfwise().push(["profile", field === "brand" ? { mute_brand: value } : { [field]: value }]);
        announce(said(value));
        setTimeout(() => void showPrivacy(), 200);
      });
    }
  };
  listen("privacy-name", "first_name", (name) => (name === "" ? "Your name is forgotten" : `Hello, ${name}`));
  listen("privacy-mute", "brand", (brand) => `${brand} is muted`);
}
