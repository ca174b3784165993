/**
 * Names in the user agents of crawlers and link previews; what tests a page's speed must see what shoppers get. A maker of
 * phones is called Cubot.
 */
const CRAWLERS = /[^u]bot\b|crawl|spider|slurp|external|google|preview/i;

/** Whether nobody looks at this page: a crawler, or a browser that a program drives where that is not wanted. */
export const isBot = (automation: boolean): boolean =>
  (!automation && navigator.webdriver) || CRAWLERS.test(navigator.userAgent);
