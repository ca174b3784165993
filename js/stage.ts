import { Refusal } from "./errors.js";
import type { Freshness } from "./fresh/fresh.js";
import type { Guard } from "./guard.js";
import type { Listeners } from "./heard.js";
import type { Decision } from "./module.js";
import { Exposure } from "./page/exposure.js";
import type { showMessage } from "./page/message.js";
import { brings, content, type Outcome, restoreAll, show, slots } from "./page/slots.js";
import { MARK, type Slot } from "./page/swap.js";

/** Puts decisions on the page and notes what of them was seen. */
export class Stage {
  /** The decisions of the last pass. */
  decisions: readonly Decision[] = [];
  #exposure = new Exposure();
  /** What was seen last in each slot of this page: campaign and variation. */
  #seen = new Map<Slot, string>();
  /** Campaigns that were set off on this page. */
  #fired = new Set<string>();
  /** What is being asked for, or was, by slot. */
  #asked = new Map<Slot, string>();

  constructor(
    readonly guard: Guard,
    readonly listeners: Listeners,
    readonly links: readonly string[],
    readonly announce: boolean,
    readonly messages: () => Promise<{ showMessage: typeof showMessage }>,
    readonly fresh: Freshness | undefined,
  ) {}

  /** Decides all slots of this page and shows what can be shown unseen. */
  decide(): void {
    const here = slots();
    const names = [...new Set(here.values())];
    if (!names.length) return;
    this.decisions = this.ask(names);
    for (const [slot, name] of here) {
      const decision = this.decisions.find((each) => each.slot === name);
      if (decision && !this.#refresh(slot, decision)) this.show(slot, decision);
    }
  }

  /**
   * Asks for fresh prices and stock of the products that a decision brings, before they are shown or, where the boot
   * snippet shows them, in their place. Whether there is something to wait for.
   */
  #refresh(slot: Slot, decision: Decision): boolean {
    const { fresh } = this;
    const text = fresh && decision.tree ? JSON.stringify(decision.tree) : "";
    if (!fresh || !text.includes('"data-shelf-item"')) return false;
    if (this.#asked.get(slot) === text) return true;
    this.#asked.set(slot, text);
    const there = slot[MARK]?.id === brings(decision);
    const nodes = there ? undefined : content(decision, this.links);
    void fresh.nodes(nodes ?? slot).then(() =>
      this.guard.run(() => {
        // Another decision or page may have come meanwhile; a row without products is none.
        if (this.#asked.get(slot) === text && (nodes ?? slot).querySelector("[data-shelf-item]"))
          this.show(slot, decision, false, nodes);
      }),
    );
    return true;
  }

  /** Decisions for named slots, with nothing shown. */
  ask(names: readonly string[]): Decision[] {
    const lines = [names].flat().join("\n");
    return this.guard.call((module) => JSON.parse(module.decide(lines)), []);
  }

  /** Gives a slot a decision; what it then shows is watched for being seen. */
  show(slot: Slot, decision: Decision, force = false, nodes?: DocumentFragment): Outcome {
    const outcome = show(slot, decision, this.links, force, nodes);
    const code = outcome === "refused" ? "R300" : decision.template ? "R303" : "R302";
    if (outcome === "refused" || outcome === "empty")
      this.guard.actions.report(new Refusal(code, decision.template ?? decision.slot));
    this.listeners.tell("decision", { ...decision, shown: outcome === "shown" });
    const [campaign, variation] = slot[MARK]?.id.split("/") ?? [];
    if (campaign && variation) {
      const shown = brings(decision) === slot[MARK]?.id ? decision.experiment : undefined;
      this.#watch(slot, campaign, variation, () => this.#exposed(campaign, variation, decision.slot, shown));
    } else if (decision.campaign && decision.variation && outcome === "control") {
      const { campaign, variation } = decision;
      this.#watch(slot, campaign, variation, () =>
        this.#exposed(campaign, variation, decision.slot, decision.experiment),
      );
    } else {
      this.#exposure.forget(slot);
    }
    return outcome;
  }

  /** Waits for a slot's content to be seen, unless that is what was seen there already. */
  #watch(slot: Slot, campaign: string, variation: string, seen: () => void): void {
    const id = `${campaign}/${variation}`;
    this.#exposure.forget(slot);
    if (this.#seen.get(slot) === id) return;
    this.#exposure.watch(slot, () => {
      this.#seen.set(slot, id);
      seen();
    });
  }

  /** A moment has come: shows messages and dispatches events that wait for it, each once a page. */
  fire(trigger: number, value: number): void {
    const fired: Decision[] = this.guard.call((module) => JSON.parse(module.fire(trigger, value)), []);
    const page = this.#fired;
    const again = () => page === this.#fired && this.fire(trigger, value);
    void this.guard.coming?.then(() => this.guard.run(again));
    for (const decision of fired) {
      const { campaign, variation, slot, event } = decision;
      if (!campaign || !variation || this.#fired.has(campaign)) continue;
      this.#fired.add(campaign);
      if (slot) {
        for (const [element, name] of slots()) if (name === slot) this.show(element, decision);
        continue;
      }
      const seen = () => this.#exposed(campaign, variation, undefined, decision.experiment);
      if (brings(decision)) void this.#message(decision, seen);
      else {
        this.listeners.tell("decision", { ...decision, shown: !!event });
        seen();
      }
      if (event) document.dispatchEvent(new CustomEvent(event, { detail: { campaign, variation } }));
    }
  }

  async #message(decision: Decision, seen: () => void): Promise<void> {
    const { showMessage } = (await this.messages().catch(this.guard.lost)) ?? {};
    this.guard.run(() => {
      // The page may be another one by now.
      if (!showMessage || !this.#fired.has(decision.campaign as string)) return;
      const message = showMessage(decision.message ?? 0, content(decision, this.links));
      this.listeners.tell("decision", { ...decision, shown: !!message });
      if (message) this.#exposure.watch(message.element, seen);
    });
  }

  /** The page is another one now: everything as the shop made it. */
  clear(): void {
    for (const slot of slots().keys()) this.#exposure.forget(slot);
    restoreAll();
    this.decisions = [];
    this.#seen.clear();
    this.#fired = new Set();
    this.#asked.clear();
  }

  #exposed(campaign: string, variation: string, slot?: string, experiment?: Decision["experiment"]): void {
    this.guard.call((module) => module.exposed(campaign, variation), undefined);
    this.listeners.tell("exposure", {
      campaign,
      variation,
      ...(slot && { slot }),
      ...(experiment && { experiment }),
    });
    if (this.announce && experiment) {
      const page = window as unknown as { dataLayer?: unknown[] };
      page.dataLayer?.push({
        event: "experiment_viewed",
        experiment_id: experiment.key,
        variation_id: String(experiment.variation),
      });
    }
  }
}
