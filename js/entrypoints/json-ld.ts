/** Products in schema.org's words: loaded on pages that have such scripts and no `data-shelf-item` of their own. */
export { jsonLdItem } from "../adapters/json-ld.js";
