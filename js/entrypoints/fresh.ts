/** Fresh prices and stock: loaded where the `fresh` option names where they come from. */
export { Freshness } from "../fresh/fresh.js";
