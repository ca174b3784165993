/** Signals, answers and sources of the shop's own traits: loaded on pages that have any. */
export { Marks } from "../page/marks.js";
