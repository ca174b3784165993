/** Signals, answers and sources of the shop's own traits: loaded on pages that have any. */

export { watchMarks } from "../page/marks.js";
export { readSources } from "../page/sources.js";
