/** Names in the user agents of crawlers and link previews; what tests a page's speed must see what shoppers get. */
const CRAWLERS = /bot\b|crawl|spider|slurp|externalhit|mediapartners|inspection|preview/i;

/** Whether nobody looks at this page: a crawler, or a browser that a program drives where that is not wanted. */
export function isBot(automation: boolean): boolean {
  // A maker of phones is called Cubot.
  const agent = navigator.userAgent.replace(/cubot/i, "");
  return CRAWLERS.test(agent) || (!automation && (navigator.webdriver || /headless/i.test(agent)));
}
