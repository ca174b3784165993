/** The inspector: a second module that explains what the first one decided, and the overlay over it. */

import start, { Module } from "#inspect-glue";
import type { Shelfwise } from "../api.js";
import { openOverlay } from "../inspect/overlay.js";
import { Rehearsal } from "../inspect/rehearsal.js";
import { moduleFile } from "../load.js";
import type { InspectModule, ModuleClass } from "../module.js";
import type { Scene } from "../scene.js";

export { sceneOf } from "../scene.js";

let loading: Promise<ModuleClass<InspectModule>> | undefined;

function load(): Promise<ModuleClass<InspectModule>> {
  const file = moduleFile(new URL("./shelfwise_inspect_bg.wasm", import.meta.url), INSPECT_INTEGRITY);
  loading ??= file()
    .then((module_or_path) => start({ module_or_path }))
    .then(() => Module);
  return loading;
}

/** Opens the overlay for a running Shelfwise; false when its module does not run. */
export async function openInspector(shelfwise: Shelfwise): Promise<boolean> {
  const scene = await (shelfwise as Shelfwise & { scene?(): Promise<Scene | undefined> }).scene?.();
  if (!scene) return false;
  openOverlay(new Rehearsal(scene, await load()));
  return true;
}

/** Why slots show what they show: the engine's whole tree, with the truth of every predicate. */
export async function explain(scene: Scene, slot?: string): Promise<unknown> {
  const module = new (await load())(scene.shop);
  try {
    module.core(scene.core);
    module.withdrawn(scene.withdrawn.join("\n"));
    for (const { kind, number, bytes } of scene.files) module.load(kind, number, bytes);
    module.replay(scene.memory());
    module.page(scene.facts);
    return module.explain(slot ?? [...new Set(scene.slots().values())].join("\n"));
  } finally {
    module.free?.();
  }
}
