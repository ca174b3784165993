import type { ConsentChoice, Heard, Options, Own, RecommendOptions, Shelfwise } from "./api.js";
import { CONTEXTUAL, consentMode, globalPrivacyControl, type Mode, Tabs } from "./consent.js";
import { type ErrorCode, Refusal, refusal } from "./errors.js";
import type { Freshness } from "./fresh/fresh.js";
import { Guard, PRODUCTS, WHOLE, warn } from "./guard.js";
import { Listeners } from "./heard.js";
import { Keeper } from "./kept.js";
import type { Card, Decision, Module, ModuleClass } from "./module.js";
import { complete } from "./options.js";
import { openPack, type Pack, type PackPlace } from "./pack/pack.js";
import type { Verify } from "./pack/signature.js";
import { attend, whenShown } from "./page/attention.js";
import { isBot } from "./page/bots.js";
import { lines, pageType } from "./page/facts.js";
import { watchCards } from "./page/hover.js";
import type { showMessage } from "./page/message.js";
import { idle, whenReady } from "./page/moments.js";
import { watchNavigation } from "./page/navigation.js";
import { previews } from "./page/preview.js";
import { restoreAll, slots } from "./page/slots.js";
import { MARK } from "./page/swap.js";
import { ON_CART, ON_DWELL, ON_PAGE, ON_PRICE, ON_STOCK, watchTriggers } from "./page/triggers.js";
import type { Scene, sceneOf } from "./scene.js";
import { Stage } from "./stage.js";
import { Supply } from "./supply.js";
import { type Readers, Tracking } from "./tracking.js";

/** Where an entry finds what is loaded after it. */
export interface Assets extends Readers {
  /** Loads and checks so many of the WebAssembly module's files; the whole, where it comes in one. */
  module(files: number): Promise<ModuleClass>;
  /** Loads the check of signatures for browsers without Ed25519. */
  ed25519(): Promise<Verify>;
  /** Loads what asks for fresh prices and stock. */
  fresh(): Promise<{ Freshness: typeof Freshness }>;
  /** Loads what shows messages. */
  message(): Promise<{ showMessage: typeof showMessage }>;
  /** Loads the inspector. */
  inspect(): Promise<{
    explain(scene: Scene, slot?: string): Promise<unknown>;
    sceneOf: typeof sceneOf;
  }>;
  /** Address of the page about error codes. */
  docs: string;
}

const TICK_MS = 10_000;
/** `FIRST_EPOCH` of the module's journal. */
const FIRST_EPOCH = "00000001";
const PREPARE_MS = 300;

/** Types of pages that say nothing of products themselves: anything else takes the file of products. */
const QUIET = /^(home|other|wishlist|)$/;

/** One running Shelfwise on one page; see {@link Shelfwise} for what each call does. */
export class Runtime implements Shelfwise {
  readonly ready: Promise<boolean>;
  #listeners = new Listeners();
  #guard: Guard;
  #options: Required<Options> | undefined;
  #keeper: Keeper | undefined;
  #tabs: Tabs | undefined;
  #place: PackPlace | undefined;
  #pack: Pack | undefined;
  #stage: Stage | undefined;
  #supply: Supply | undefined;
  #tracking: Tracking | undefined;
  #choice: ConsentChoice | undefined;
  #withdrawn = false;
  #mode: Mode = CONTEXTUAL;
  #epoch = FIRST_EPOCH;
  /** Calls that wait for the module. */
  #waiting: Array<() => void> = [];
  #preparing: ReturnType<typeof setTimeout> | undefined;
  #pages = 0;

  constructor(
    options: Partial<Options>,
    readonly assets: Assets,
  ) {
    this.#guard = new Guard({
      report: this.#report,
      restore: restoreAll,
      trapped: () => this.#trapped(),
      module: async (files) => {
        const load = () => this.assets.module(files);
        // A page that works is given up only when more cannot be had twice.
        return new (await load().catch(load))(this.#options?.shop ?? "");
      },
      again: () => {
        this.#epoch = this.#epochNow();
        this.#decide();
      },
    });
    this.ready = this.#start(options).catch((error) => {
      this.#guard.trip(refusal(error, "R101"), refusal(error, "R101").code);
      this.#waiting = [];
      return false;
    });
  }

  track(name: string, parameters = {}): void {
    this.#soon(() => this.#tracking?.event("call", name, parameters));
  }

  async decide(names?: readonly string[]): Promise<Decision[]> {
    await this.ready;
    const ask = () => this.#stage?.ask(names ?? [...new Set(slots().values())]) ?? [];
    let decisions = ask();
    while (this.#guard.coming) {
      await this.#guard.need(1);
      decisions = ask();
    }
    return decisions;
  }

  async recommend({ strategy, limit = 8, item = "" }: RecommendOptions): Promise<Card[]> {
    await this.#need(PRODUCTS);
    const strategies = [strategy].flat().join("\n");
    // The module takes texts for texts and numbers for numbers, whatever the shop has.
    const [most, about] = [Number(limit), String(item)];
    const ask = () => this.#guard.call((module) => module.recommend(strategies, most, about), "[]");
    let cards = ask();
    if (!cards) {
      this.#report(new Refusal("R110", `strategy: ${strategy}`));
      return [];
    }
    // While more of the module is on its way it answers nothing.
    do {
      await this.#guard.need(PRODUCTS);
      await this.#supply?.fetch(ask);
      cards = ask();
    } while (this.#guard.coming);
    return this.#stage?.fresh?.cards(JSON.parse(cards)) ?? JSON.parse(cards);
  }

  async explain(slot?: string): Promise<unknown> {
    const scene = await this.scene();
    return scene && (await this.assets.inspect()).explain(scene, slot);
  }

  on<K extends keyof Heard>(name: K, listener: (heard: Heard[K]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  consent(choice: ConsentChoice): void {
    // A choice that says nothing is a no.
    this.#choice = { ...choice };
    this.#withdrawn = false;
    const before = this.#mode;
    this.#consent();
    // A no also erases what an earlier page view of a shopper who had said yes left behind.
    if (!this.#choice.remember && before === CONTEXTUAL) {
      this.#keeper?.erase();
      this.#tabs?.tell(true);
    }
  }

  profile(fields: Record<string, string>): void {
    this.#say("profile", fields);
  }

  custom(values: Record<string, Own>): void {
    this.#say("note", values, "custom.");
  }

  answer(values: Record<string, Own>): void {
    this.#say("profile", values, "answer.");
  }

  page(): void {
    this.#soon(() => {
      this.#stage?.clear();
      // A page that another one follows before its first frame (a redirect) was seen by nobody.
      const page = ++this.#pages;
      const show = () => page === this.#pages && this.#guard.run(() => this.#show());
      void this.#tracking?.prepare().then(() => requestAnimationFrame(show));
    });
  }

  async export(): Promise<unknown> {
    await this.#need(WHOLE);
    return JSON.parse(this.#guard.call((module) => module.export(), "null"));
  }

  forget(): void {
    this.#guard.call((module) => module.forget(), undefined);
    this.#keeper?.erase();
    this.#tabs?.tell(false);
    this.#epoch = this.#epochNow();
  }

  /** What the inspector needs of this page; nothing when the module is not running. */
  async scene(): Promise<Scene | undefined> {
    await this.#need(WHOLE);
    const { place, pack, stage, supply, tracking } = this.#parts();
    if (!place || !pack || !stage || !supply || !tracking) return undefined;
    const { sceneOf } = await this.assets.inspect();
    const mode = () => this.#mode;
    return sceneOf({ place, pack, stage, supply, tracking, guard: this.#guard, mode, api: this });
  }

  #parts() {
    return {
      place: this.#place,
      pack: this.#pack,
      stage: this.#stage,
      supply: this.#supply,
      tracking: this.#tracking,
    };
  }

  async #start(given: Partial<Options>): Promise<boolean> {
    const options = complete(given);
    if (isBot(options.automation)) return false;
    this.#options = options;
    const allowed = () => this.#mode > CONTEXTUAL;
    this.#keeper = new Keeper(options.shop, allowed);
    this.#mode = this.#allowed();
    this.#tabs = new Tabs(
      options.shop,
      (withdrawn) => this.#erased(withdrawn),
      () => allowed() && this.#epochNow() !== this.#epoch,
    );
    await new Promise<void>(whenShown);
    probe();
    const keys = options.key.split(/\s+/);
    const place = { base: options.pack, shop: options.shop, keys, fallback: () => this.assets.ed25519() };
    this.#place = place;
    const kept = this.#keeper.read();
    const tracking = new Tracking(
      this.#guard,
      this.#listeners,
      options,
      this.assets,
      this,
      () => this.#prepareSoon(),
      allowed,
    );
    this.#tracking = tracking;
    const { fresh, freshWithin, currency } = options;
    const needed = () => (allowed() ? WHOLE : QUIET.test(pageType()) ? 1 : PRODUCTS);
    const files = needed();
    const [Class, pack, freshness] = await Promise.all([
      this.assets.module(files),
      openPack(place, kept.version, kept.latest, this.#report),
      fresh
        ? this.assets
            .fresh()
            .then(({ Freshness }) => new Freshness(fresh, freshWithin, currency), this.#guard.lost)
        : undefined,
      whenReady().then(() => tracking.prepare()),
    ]);
    this.#pack = pack;
    const traps = kept.version === pack.version ? kept.traps : 0;
    if (traps > 1) throw new Refusal("R103");
    this.#keep(traps);
    // A yes may have come meanwhile.
    const Needed = needed() > files ? await this.assets.module(needed()) : Class;
    this.#run(new Needed(options.shop), pack, tracking, place, freshness || undefined);
    await this.#guard.need(1);
    return this.#guard.on;
  }

  #run(module: Module, pack: Pack, tracking: Tracking, place: PackPlace, fresh?: Freshness): void {
    const { adapters, links, announce } = tracking.options;
    const mode = this.#mode;
    this.#guard.open(module);
    this.#guard.call((module) => module.consent(mode), undefined);
    const code = this.#guard.call((module) => module.core(pack.core), 0);
    if (code) throw new Refusal(CORE_CODES[code] ?? "R209", `core: code ${code & 255} at ${code >>> 8}`);
    this.#guard.call((module) => module.withdrawn(pack.withdrawn.join("\n")), undefined);
    const forced = previews(location.search);
    if (forced) this.#guard.call((module) => module.force(forced), undefined);
    this.#supply = new Supply(this.#guard, place, pack, this.#report);
    this.#stage = new Stage(this.#guard, this.#listeners, links, announce, this.assets.message, fresh);
    this.#epoch = this.#epochNow();
    // What the boot snippet met; that storage is blocked is nobody's damage.
    const { [MARK]: damage } = document as { [MARK]?: unknown };
    if (damage && !(damage instanceof DOMException)) this.#report(new Refusal("R105", String(damage)));
    this.#guard.run(() => this.#show());
    this.#guard.run(() => tracking.watch());
    // The shopper comes near a product: its neighbours will be wanted on its page. That alone is no reason for another file.
    const near = (item: string) =>
      this.#guard.has(PRODUCTS) &&
      this.#supply?.fetch(() =>
        this.#guard.call((module) => module.recommend("bought-together", 8, item), ""),
      );
    if (adapters.includes("attributes")) watchCards(near);
    this.#watch(tracking);
  }

  /** Listens to the page; once a page load. */
  #watch(tracking: Tracking): void {
    let attended_ms = 0;
    let clicks = 0;
    const click = () => {
      clicks++;
    };
    addEventListener("click", click, true);
    attend(
      (ms) =>
        this.#guard.run(() => {
          const { item } = tracking;
          const clicked = clicks;
          this.#guard.call((module) => module.engaged(item, ms, clicked), undefined);
          clicks = 0;
          const before_s = Math.trunc(attended_ms / 1000);
          attended_ms += ms;
          const now_s = Math.trunc(attended_ms / 1000);
          if (now_s > before_s) this.#stage?.fire(ON_DWELL, now_s);
        }),
      () =>
        this.#guard.run(() => {
          this.#guard.call((module) => module.leave(), undefined);
          this.#prepare();
        }),
    );
    const anew = watchTriggers(
      (trigger, value) => this.#guard.run(() => this.#stage?.fire(trigger, value)),
      (fact, value) => this.#guard.call((module) => module.note(`${fact}\t${value}`), undefined),
    );
    watchNavigation(() => {
      attended_ms = 0;
      anew();
      this.page();
    });
    const tick = () => {
      if (document.visibilityState === "visible" && this.#mode > CONTEXTUAL)
        idle(() => this.#guard.call((module) => module.tick(), undefined));
    };
    setInterval(tick, TICK_MS);
    // The shopper comes back from another tab.
    addEventListener("focus", tick);
  }

  /** A page is shown: track it and what was said of it, and decide it. */
  #show(): void {
    this.#tracking?.page();
    for (const call of this.#waiting.splice(0)) this.#guard.run(call);
    this.#stage?.decide();
    for (const trigger of [ON_PAGE, ON_CART]) this.#stage?.fire(trigger, 0);
    this.#decide();
  }

  /** Decides the page until no files are missing, then the next one. */
  #decide(): void {
    const decide = () => {
      this.#stage?.decide();
      // These compare the catalogue with memory, and want files for it.
      for (const trigger of [ON_PRICE, ON_STOCK]) this.#stage?.fire(trigger, 0);
    };
    void this.#supply?.fetch(decide).then(() => this.#prepareSoon());
  }

  /** Waits until so many of the module's files are there. */
  async #need(files: number): Promise<void> {
    await this.ready;
    await this.#guard.need(files);
  }

  #prepareSoon(): void {
    this.#preparing ??= setTimeout(() => {
      const prepare = () => this.#prepare();
      void this.#supply?.fetch(prepare).then(() => idle(prepare));
    }, PREPARE_MS);
  }

  /** Stores what the next page view shows first, where that is allowed. */
  #prepare(): void {
    clearTimeout(this.#preparing);
    this.#preparing = undefined;
    if (this.#mode > CONTEXTUAL) this.#guard.call((module) => module.prepare(), "");
  }

  #allowed(): Mode {
    return consentMode({
      configured: this.#options?.consent ?? "ask",
      choice: this.#choice,
      gpc: globalPrivacyControl(),
      withdrawn: this.#withdrawn,
    });
  }

  /** Brings the module to what is allowed now. */
  #consent(): void {
    if (!this.#options) return;
    const before = this.#mode;
    const mode = this.#allowed();
    if (mode === before) return;
    this.#mode = mode;
    // What is stored is read and written by the whole alone.
    if (mode > CONTEXTUAL) void this.#guard.need(WHOLE);
    this.#guard.call((module) => module.consent(mode), undefined);
    if (mode === CONTEXTUAL) {
      this.#keeper?.erase();
      if (!this.#withdrawn) this.#tabs?.tell(true);
    } else if (before === CONTEXTUAL) {
      this.#epoch = this.#epochNow();
      this.#keep(this.#keeper?.read().traps ?? 0);
    }
    this.#guard.run(() => this.#tracking?.marks?.readSources());
    this.#guard.run(() => this.#stage?.decide());
    this.#prepareSoon();
  }

  /** Another tab erased. */
  #erased(withdrawn: boolean): void {
    this.#guard.run(() => {
      if (withdrawn) {
        this.#withdrawn = true;
        this.#consent();
      } else if (this.#mode > CONTEXTUAL) {
        this.#guard.call((module) => module.tick(), undefined);
        this.#epoch = this.#epochNow();
      }
    });
  }

  /** The number of the erasures so far, as the module writes it: the first until something is stored. */
  #epochNow(): string {
    return this.#keeper?.get("epoch") ?? FIRST_EPOCH;
  }

  #keep(traps: number): void {
    if (this.#pack) this.#keeper?.write({ latest: this.#pack.latest, version: this.#pack.version, traps });
  }

  #trapped(): boolean {
    const traps = (this.#keeper?.read().traps ?? 0) + 1;
    this.#keep(traps);
    return traps > 1;
  }

  /** Runs when the module is there; never, when it does not come. */
  #soon(call: () => void): void {
    if (this.#guard.on) this.#guard.run(call);
    else if (this.#waiting.length < 100) this.#waiting.push(call);
  }

  /** Tells the module something that the next homepage may show. */
  #say(to: "profile" | "note", values: Record<string, unknown>, prefix = ""): void {
    this.#soon(() => {
      // Here, because what the shop gives may throw, and that is no trap of the module's.
      const said = lines(values, prefix);
      if (this.#tracking && to === "note") this.#tracking.facts += said;
      this.#guard.call((module) => module[to](said), undefined);
      this.#prepareSoon();
    });
  }

  #report = (refused: Refusal): void => {
    warn(refused, this.assets.docs);
    this.#listeners.tell("error", { code: refused.code, message: refused.message });
  };
}

/** `Driver::core`'s answers that are no `pack::ErrorCode`. */
const CORE_CODES: Record<number, ErrorCode> = { 200: "R205", 201: "R206" };

/** Refuses with R100 when this page's policy or browser has no WebAssembly: an empty module tells, and in WebKit its instance. */
function probe(): void {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch (error) {
    throw refusal(error, "R100");
  }
}
