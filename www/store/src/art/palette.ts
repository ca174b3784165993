/** Colours of a product's picture, read from the colour words in its name. */

/** The inks one picture is drawn with; every value is a CSS hex colour. */
export interface Palette {
  /** Colour of the product itself. */
  readonly base: string;
  /** Second colour: trims, bows, the motif's ground. */
  readonly accent: string;
  /** Top of the background. */
  readonly paper: string;
  /** Surface that the product stands on. */
  readonly table: string;
}

const WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bred\b|\bruby\b|\bsweetheart\b|\bcherry\b|\bstrawberry\b|\btoadstool\b/i, "#c8473f"],
  [/\bpink\b|\bfus(?:ch|hc|hi)ia\b|\brose\b|\bblossom\b|\bfairy\b|\bbaroque\b/i, "#e08a9b"],
  [/\bnavy\b|\bmidnight\b|\bspaceboy\b|\bunion jack\b|\blondon\b/i, "#34507f"],
  [/\bturquoise\b|\baqua\b|\bteal\b|\bdiner\b/i, "#3f9a9c"],
  [/\bblue\b|\bsapphire\b|\bdelphinium\b/i, "#6791bd"],
  [/\bmint\b|\bpistachio\b|\bskullgreen\b/i, "#9cc7a6"],
  [/\bgreen\b|\bherb\b|\bbotanical\b|\bolive\b|\bholly\b|\bemerald\b|\bgarden\b/i, "#6b9a6c"],
  [/\bivory\b|\bcream\b|\bantique white\b/i, "#efe2c6"],
  [/\bwhite\b|\bpearl\b|\bm\.o\.p\b|\bporcelain\b|\bdoily\b|\blace\b/i, "#f6f1e8"],
  [/\bblack\b|\bjet\b|\bskulls?\b|\bblackboard\b|\bslate\b|\bchalk ?board\b/i, "#3d3b42"],
  [/\bsilver\b|\bzinc\b|\bmetal\b|\btin\b|\bdiamante\b|\bchrome\b|\bcrystal\b|\bgr[ea]y\b/i, "#a9b3bb"],
  [/\bgold\b|\bbrass\b|\bhoney\b/i, "#d3a640"],
  [/\bpurple\b|\blilac\b|\blavender\b|\bamethyst\b|\bviolet\b|\bmauve\b/i, "#9277b0"],
  [/\byellow\b|\blemon\b|\bsunflower\b|\bdaisy\b|\bchicks?\b|\beaster\b/i, "#eec256"],
  [/\borange\b|\bamber\b|\btangerine\b|\bcopper\b|\bspice\b|\bpumpkin\b/i, "#dd8a45"],
  [
    /\bwood(?:en|land)?\b|\bwicker\b|\bnatural\b|\bbrown\b|\brattan\b|\bchocolate\b|\brustic\b|\bcoffee\b|\bjute\b/i,
    "#b98a5b",
  ],
  [/\bchristmas\b|\bxmas\b|\bnoel\b|\breindeer\b|\bsanta\b/i, "#b5423f"],
  [/\bglass\b|\bclear\b|\bice\b/i, "#a9cdd0"],
];

/** Colours for names without a colour word, picked by the name's hash. */
const QUIET = [
  "#5f9ea0",
  "#d97b66",
  "#8aa36b",
  "#7f8fc0",
  "#d9a441",
  "#b9779a",
  "#6fa7a0",
  "#c9735b",
  "#7aa2c4",
];
const ACCENTS = ["#f3d9a4", "#f2b8a8", "#bcd7c5", "#f7e7d0", "#c9d8ea", "#e8c7d8"];
const PAPERS: ReadonlyArray<readonly [string, string]> = [
  ["#f7ebdd", "#ead6be"],
  ["#eef0e4", "#d9dfc9"],
  ["#f6e5df", "#e9cfc5"],
  ["#e7eef0", "#cfdde0"],
  ["#f4ecd4", "#e7d9b2"],
  ["#efe8f0", "#dbd0de"],
];

/** FNV-1a of a text: the same picture for the same name, on every machine. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/** The entry of a non-empty list that a number falls on. */
export function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T;
}

/** Colour words of a name in the order in which they stand in it. */
export function colourWords(name: string): string[] {
  const found: Array<[number, string]> = [];
  for (const [word, colour] of WORDS) {
    const at = name.search(word);
    if (at >= 0) {
      found.push([at, colour]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]).map(([, colour]) => colour);
}

/** Palette of a product name: its first colour word is the product, its second the accent. */
export function palette(name: string): Palette {
  const seed = hash(name);
  const words = colourWords(name);
  const base = words[0] ?? pick(QUIET, seed);
  const accent = words.find((colour) => colour !== base) ?? pick(ACCENTS, seed >>> 5);
  const [paper, table] = pick(PAPERS, seed >>> 9);
  if (lightness(base) > 0.85) {
    return { base, accent, paper: shade(table, -0.06), table: shade(table, -0.16) };
  }
  return { base, accent, paper, table };
}

/** A hex colour moved towards black (amount < 0) or white (amount > 0), -1..1. */
export function shade(colour: string, amount: number): string {
  const target = amount < 0 ? 0 : 255;
  const share = Math.abs(amount);
  const parts = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16);
    return Math.round(part + (target - part) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** Perceived lightness of a hex colour, 0..1. */
export function lightness(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0);
}
