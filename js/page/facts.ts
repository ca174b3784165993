/** Facts of page and device, under the keys that the module's `page` takes. */
export type Facts = Record<string, string | number | boolean | undefined>;

// Codes of the traits that the page side hands in by code (`engine::traits`). One by one: names of an object's
// properties would stay in the script.
export const BRAND = 47;
export const TAGS = 48;
export const IDLE = 50;
export const EXIT = 51;
export const HEIGHT = 146;
export const SCREEN_WIDTH = 147;
export const SCREEN_HEIGHT = 148;
export const CONNECTION = 149;
export const SAVE_DATA = 150;

/** What the browser says of its connection, where it does. */
export const connection = (): { effectiveType?: string; saveData?: boolean } =>
  (navigator as { connection?: object }).connection ?? {};

/** Lines `key<TAB>value`; tabs and line breaks inside values become spaces, lists get commas between their texts. */
export const lines = (fields: Record<string, unknown>, prefix = ""): string =>
  Object.entries(fields)
    .map(([key, value]) => `${prefix}${plain(key)}\t${plain(value)}\n`)
    .join("");

/** A value that fits between tabs. */
export const plain = (value: unknown): string => String(value ?? "").replace(/[\t\r\n]+/g, " ");

/** The first of some names that a text holds, lower case. */
const named = (text: string, names: readonly string[]): string =>
  names.find((name) => text.toLowerCase().includes(name)) ?? "";

/** The page's type, as `<html data-shelf-page>` says it. */
export const pageType = (): string => document.documentElement.dataset.shelfPage ?? "";

/** What this page and this device are. Reads no form, and of a checkout page only that it is one. */
export function facts(): Facts {
  const type = pageType();
  const agent = navigator.userAgent;
  const date = new Date();
  const { effectiveType, saveData = false } = connection();
  const device: Facts = {
    type,
    language: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    utc_offset_min: -date.getTimezoneOffset(),
    viewport_width: innerWidth,
    touch: matchMedia("(pointer: coarse)").matches ? 1 : 0,
    os: named(agent, ["android", "iphone", "ipad", "windows", "mac os", "cros", "linux"]).replace(
      /^ip.*/,
      "ios",
    ),
    [HEIGHT]: innerHeight,
    [SCREEN_WIDTH]: screen.width,
    [SCREEN_HEIGHT]: screen.height,
    [CONNECTION]: effectiveType,
    [SAVE_DATA]: saveData,
    browser: named(agent, ["edg", "opr", "firefox", "chrome", "safari"])
      .replace("edg", "edge")
      .replace("opr", "opera"),
  };
  if (type === "checkout") return device;
  const root = document.documentElement.dataset;
  return {
    ...device,
    path: location.pathname,
    url_query: location.search.slice(1),
    referrer: document.referrer,
    category: root.shelfCategory,
    [BRAND]: root.shelfBrand,
    [TAGS]: root.shelfTags,
    country: root.shelfCountry,
    search: document.querySelector<HTMLElement>("[data-shelf-search]")?.dataset.shelfSearch?.toLowerCase(),
  };
}
