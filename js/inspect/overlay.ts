/** The overlay: what is remembered, what follows from it, and why each slot shows what it shows. */

import type { Decision } from "../module.js";
import type { Slot } from "../page/swap.js";
import type { Scene } from "../scene.js";
import { PERSONAS, type Persona } from "./persona.js";
import type { Rehearsal, Stored, Story, Told } from "./rehearsal.js";
import { STYLE } from "./style.js";

const DAY_MS = 86_400_000;
const TABS = ["Decisions", "Traits", "Memory"] as const;
type Tab = (typeof TABS)[number];

type Child = Node | string;

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function button(
  label: string,
  act: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const made = make("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}

/** `<shelfwise-inspector>`; made by {@link openOverlay}. */
export class Overlay extends HTMLElement {
  #rehearsal: Rehearsal | undefined;
  #persona: Persona = PERSONAS[0] as Persona;
  #taste = "";
  #tastes: readonly string[] = [];
  #shift_ms = 0;
  #tab: Tab = "Decisions";
  #told: Told | undefined;
  #problem = "";
  /** How many roles were played so far. */
  #turn = 0;
  #opener: Element | null = null;
  #root = this.attachShadow({ mode: "open" });

  /** Shows a scene; called again it looks anew. */
  watch(rehearsal: Rehearsal): void {
    this.#rehearsal = rehearsal;
    void this.#play(false);
    void rehearsal.tastes().then(
      (tastes) => {
        this.#tastes = tastes;
        this.#draw();
      },
      () => undefined,
    );
  }

  connectedCallback(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.setAttribute("role", "complementary");
    this.setAttribute("aria-label", "Shelfwise inspector");
    this.#opener = document.activeElement;
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.#draw();
    this.#root.querySelector<HTMLElement>(".close")?.focus();
  }

  /** Gives the page back to the real shopper and goes. */
  close(): void {
    if (!this.#real()) this.#scene?.again();
    this.remove();
    if (this.#opener instanceof HTMLElement) this.#opener.focus();
  }

  get #scene(): Scene | undefined {
    return this.#rehearsal?.scene;
  }

  #real(): boolean {
    return this.#persona.id === "you" && this.#shift_ms === 0;
  }

  /** Rehearses the role; shows the result on the page unless the role is the real shopper now. */
  async #play(stage = true): Promise<void> {
    const role = { persona: this.#persona, shift_ms: this.#shift_ms, taste: this.#taste };
    const turn = ++this.#turn;
    try {
      const told = await this.#rehearsal?.play(role);
      // Another role was chosen meanwhile, and its answer may be there already.
      if (turn !== this.#turn) return;
      this.#told = told;
      this.#problem = "";
      if (stage) this.#stage();
    } catch (error) {
      this.#problem = `The inspector's module could not answer: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#draw();
  }

  #stage(): void {
    const scene = this.#scene;
    if (!scene) return;
    if (this.#real()) {
      scene.restore();
      scene.again();
      return;
    }
    for (const [slot, name] of scene.slots()) {
      const decision = this.#told?.decisions.find((each) => each.slot === name);
      if (decision) scene.show(slot, decision);
    }
  }

  #draw(): void {
    const focused = this.#root.activeElement?.getAttribute("data-key");
    this.#root.replaceChildren(this.#header(), this.#tabs(), this.#panel());
    if (focused) this.#root.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  }

  #header(): HTMLElement {
    const people = PERSONAS.map((persona) =>
      button(
        persona.label,
        () => {
          this.#persona = persona;
          void this.#play();
        },
        { "aria-pressed": String(persona === this.#persona), "data-key": `as-${persona.id}` },
      ),
    );
    const header = make(
      "header",
      {},
      make(
        "h2",
        {},
        "Shelfwise inspector",
        button("×", () => this.close(), { class: "close", "aria-label": "Close" }),
      ),
      make(
        "div",
        { class: "bar", role: "group", "aria-label": "Act as" },
        make("span", {}, "Act as"),
        ...people,
      ),
    );
    if (this.#persona.past && this.#tastes.length > 0) header.append(this.#liking());
    header.append(this.#time());
    return header;
  }

  #liking(): HTMLElement {
    const select = make(
      "select",
      { "aria-label": "Likes", "data-key": "taste" },
      ...["", ...this.#tastes].map((taste) =>
        make("option", { value: taste }, taste || "a bit of everything"),
      ),
    );
    select.value = this.#taste;
    select.addEventListener("change", () => {
      this.#taste = select.value;
      void this.#play();
    });
    return make("div", { class: "bar" }, make("span", {}, "Likes"), select);
  }

  #time(): HTMLElement {
    const move = (label: string, days: number) =>
      button(
        label,
        () => {
          this.#shift_ms = days === 0 ? 0 : this.#shift_ms + days * DAY_MS;
          void this.#play();
        },
        { "data-key": `time-${label}` },
      );
    const when = new Date(Date.now() + this.#shift_ms).toLocaleDateString("en-GB", { dateStyle: "medium" });
    const forget = button(
      "Forget",
      () => {
        this.#scene?.forget();
        void this.#play();
      },
      { class: "danger", title: "Erases what is remembered of the real shopper", "data-key": "forget" },
    );
    const moves = [
      move("-1 day", -1),
      move("+1 day", 1),
      move("+30 days", 30),
      move("+90 days", 90),
      move("Now", 0),
    ];
    return make(
      "div",
      { class: "bar", role: "group", "aria-label": "Time" },
      make("span", {}, "Time"),
      ...moves,
      make("span", { role: "status" }, when),
      forget,
    );
  }

  #tabs(): HTMLElement {
    const choose = (tab: Tab) => {
      this.#tab = tab;
      this.#draw();
      this.#root.querySelector<HTMLElement>(`[data-key="tab-${tab}"]`)?.focus();
    };
    const tabs = TABS.map((tab) => {
      const chosen = tab === this.#tab;
      return button(tab, () => choose(tab), {
        role: "tab",
        id: `tab-${tab}`,
        "aria-selected": String(chosen),
        "aria-controls": "panel",
        tabindex: chosen ? "0" : "-1",
        "data-key": `tab-${tab}`,
      });
    });
    const bar = make("div", { class: "tabs", role: "tablist", "aria-label": "What to see" }, ...tabs);
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: TABS.length - 1 }[event.key];
      const next = step === undefined ? undefined : TABS[(TABS.indexOf(this.#tab) + step) % TABS.length];
      if (next) choose(next);
    });
    return bar;
  }

  #panel(): HTMLElement {
    const panel = make("div", {
      id: "panel",
      role: "tabpanel",
      "aria-labelledby": `tab-${this.#tab}`,
      tabindex: "0",
    });
    if (this.#problem) panel.append(make("p", { class: "bad", role: "alert" }, this.#problem));
    if (!this.#told) {
      if (!this.#problem) panel.append(make("p", {}, "Looking…"));
    } else if (this.#tab === "Decisions") {
      panel.append(...this.#decisions(this.#told));
    } else if (this.#tab === "Traits") {
      panel.append(
        make(
          "dl",
          {},
          ...this.#told.traits.flatMap(([path, value]) => [
            make("dt", { class: "name" }, path),
            make("dd", {}, value),
          ]),
        ),
      );
    } else {
      panel.append(
        make("p", { class: "soft" }, MODES[this.#scene?.mode ?? 0] ?? "", room(this.#told.stored)),
        make("pre", {}, pretty(this.#told.memory)),
      );
    }
    return panel;
  }

  #decisions(told: Told): HTMLElement[] {
    const here = this.#scene?.slots() ?? new Map<Slot, string>();
    const cards = [...here].map(([slot, name]) => {
      const decision = told.decisions.find((each) => each.slot === name);
      return slotCard(
        slot,
        name,
        decision,
        told.stories.filter((story) => story.slot === name),
      );
    });
    const others = told.stories.filter((story) => story.slot === "");
    if (others.length > 0) {
      cards.push(
        make("section", { class: "slot" }, make("h3", {}, "Messages and triggers"), stories(others)),
      );
    }
    return cards;
  }
}

const MODES: Readonly<Record<number, string>> = {
  0: "Contextual: nothing is read or stored; this page's own memory only.",
  1: "Remembering, but pages stay as they are for everybody.",
  2: "Remembering and personal.",
  3: "Remembering, personal, and traits may be handed over.",
};

/** How full the shop's part of the store is. */
function room(stored: Stored | undefined): string {
  if (!stored) return "";
  const kB = (bytes: number) => (bytes / 1024).toFixed(1);
  return ` In the store: ${stored.keys.length} keys, ${kB(stored.bytes)} of ${kB(stored.bytes_max)} kB.`;
}

function pretty(memory: unknown): string {
  return typeof memory === "string" ? memory : JSON.stringify(memory, null, 2);
}

function slotCard(
  slot: Slot,
  name: string,
  decision: Decision | undefined,
  all: readonly Story[],
): HTMLElement {
  const winner = all.find((story) => story.reason.shows);
  const shows = winner !== undefined && Boolean(decision?.tree || decision?.order);
  const what = shows && decision ? `${decision.campaign}/${decision.variation}` : "the shop's own";
  const why = winner?.reason.text ?? "no campaign of this slot could show";
  const card = make(
    "section",
    { class: shows ? "slot won" : "slot" },
    make(
      "h3",
      {},
      make("span", { class: "name" }, name),
      button("Find", () => find(slot), { "aria-label": `Find ${name} on the page` }),
    ),
    make("p", { class: shows ? "name good" : "name soft" }, what),
    make("p", { class: "soft" }, why),
  );
  if (all.length > 0) {
    const count = `Why, and why not: ${all.length} ${all.length === 1 ? "campaign" : "campaigns"}`;
    card.append(make("details", {}, make("summary", {}, count), stories(all)));
  }
  return card;
}

function stories(all: readonly Story[]): HTMLElement {
  const sorted = [...all].sort((a, b) => Number(b.reason.shows) - Number(a.reason.shows));
  return make(
    "ul",
    { class: "stories" },
    ...sorted.map((story) => {
      const conditions = story.audience.map(({ text, holds }) => {
        const [mark, look, words] =
          holds === true
            ? ["✓", "good", "holds"]
            : holds === false
              ? ["✗", "bad", "does not hold"]
              : ["?", "bad", "cannot be computed"];
        return make(
          "li",
          {},
          make("span", { class: look, role: "img", "aria-label": words }, mark),
          make("span", { class: "name" }, text),
        );
      });
      const entry = make(
        "li",
        story.reason.shows ? { class: "won" } : {},
        make("b", { class: "name" }, story.id),
        make("p", { class: story.reason.shows ? "good" : "soft" }, story.reason.text),
      );
      if (conditions.length > 0)
        entry.append(make("ul", { class: "conditions", "aria-label": "Audience" }, ...conditions));
      if (story.exposures > 0)
        entry.append(make("p", { class: "soft" }, `seen ${story.exposures} times inside its cap's window`));
      return entry;
    }),
  );
}

/** Brings a slot into view and outlines it for a moment. */
function find(slot: Slot): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  slot.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  slot.style.outline = "4px solid #f6a821";
  slot.style.outlineOffset = "4px";
  setTimeout(() => {
    slot.style.outline = "";
    slot.style.outlineOffset = "";
  }, 1800);
}

/** Opens the overlay for a scene, or brings the open one up to date. */
export function openOverlay(rehearsal: Rehearsal): Overlay {
  if (!customElements.get("shelfwise-inspector")) customElements.define("shelfwise-inspector", Overlay);
  const open = document.querySelector<Overlay>("shelfwise-inspector");
  const overlay = open ?? (document.createElement("shelfwise-inspector") as Overlay);
  if (!open) document.body.append(overlay);
  overlay.watch(rehearsal);
  return overlay;
}
