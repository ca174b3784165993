/** Names in the user agents of crawlers, link previews and page testers. */
// A maker of phones is called Cubot.
const CRAWLERS = /[^u]bot\b|crawl|spider|slurp|external|google|lighthouse|preview/i;

/** Whether nobody looks at this page: a crawler, or a browser that a program drives where that is not wanted. */
export const isBot = (automation: boolean): boolean =>
  (!automation && navigator.webdriver) || CRAWLERS.test(navigator.userAgent);
