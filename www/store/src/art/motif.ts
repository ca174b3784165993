/** What is printed on a product: an icon chosen by the words of its name, and a repeating pattern. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hash, lightness, type Palette, pick, shade } from "./palette.js";

const MOTIFS: ReadonlyArray<readonly [RegExp, string]> = [
  [/butterfl|b'?fly/i, "butterfly"],
  [/strawberr/i, "strawberry"],
  [/heart|love|sweetheart|valentine/i, "heart"],
  [
    /\bbirds?\b|lovebird|dovecote|robin|\bdove\b|swallow|hen\b|duck|chick|owl|flamingo|peacock|cockerel/i,
    "bird",
  ],
  [/rabbit|bunn(?:y|ies)/i, "rabbit"],
  [/\bcats?\b|kitten|kitty/i, "cat"],
  [/\bdogs?\b|doggy|scottie|poodle|puppy/i, "dog"],
  [/squirrel|woodland/i, "squirrel"],
  [/panda/i, "panda"],
  [/teddy|bear\b|paw|tiger|elephant|monkey|animal|horse|frog|dinosaur|lion|safari/i, "paw-print"],
  [/fish|seaside|mermaid/i, "fish"],
  [/shell|beach/i, "shell"],
  [/snowflake|snow|frost/i, "snowflake"],
  [/reindeer|christmas tree|xmas tree|forest|woodland|scandinavian|tree/i, "tree-pine"],
  [/stocking|candy cane/i, "candy-cane"],
  [/star|spaceboy|twinkle|magic/i, "star"],
  [/rocket|space/i, "rocket"],
  [/angel|bell|jingle/i, "bell"],
  [/\broses?\b|rosebud|peony|gardenia/i, "rose"],
  [
    /daisy|flower|floral|blossom|poppy|botanical|primrose|tulip|lily|pansy|folkart|folk art|suki|marigold/i,
    "flower-2",
  ],
  [/leaf|leaves|herb|ivy|fern|holly|garden|willow|cabbage/i, "leaf"],
  [/paisley|psychedelic|lavender|tropical|orchid|hawaii/i, "flower"],
  [/cherry|cherries/i, "cherry"],
  [/apple|pear\b/i, "apple"],
  [/lemon|orange|citrus|lime\b/i, "citrus"],
  [/fruit|tutti|grape/i, "grape"],
  [/cupcake|fairy cake/i, "cupcake"],
  [/cake|birthday|baking/i, "cake"],
  [/cookie|biscuit/i, "cookie"],
  [/candy|sweetie|sweets/i, "candy"],
  [/chocolate|ice cream|vanilla/i, "ice-cream-cone"],
  [/coffee|tea\b|teatime|teacup|regency|breakfast|diner|kitchen|pantry|cafe/i, "coffee"],
  [/wine|cocktail|beer/i, "wine"],
  [/skull/i, "skull"],
  [/crown|king|queen|princess|empire|royal|jubilee|keep calm/i, "crown"],
  [/music|disco|dance/i, "music"],
  [/passport|airline|world|travel|globe|holiday/i, "globe"],
  [/car\b|mini cooper|taxi|traffic/i, "car"],
  [/train|railway/i, "train-front"],
  [/boat|ship|sail|nautical|anchor/i, "anchor"],
  [/house|home|cottage|door|shed/i, "house"],
  [/mushroom|toadstool|fairy|enchanted/i, "sparkles"],
  [/babushka|dolly|girl|charlotte|lola|boudicca/i, "flower-2"],
  [/circus|carnival|carousel/i, "tent"],
  [/sun\b|summer|sunny/i, "sun"],
  [/moon|night/i, "moon"],
  [/paris|london|french|england|english|vintage/i, "crown"],
  [/party/i, "party-popper"],
  [/knit|sewing|craft|haberdashery/i, "scissors"],
  [/happy|smile/i, "smile"],
];

/** Icons that the kept set does not have, drawn on its 24-unit grid. */
const OWN: Readonly<Record<string, string>> = {
  butterfly:
    '<path d="M12 8v10"/><path d="M12 10C10 5 4 3 3 6s1 6 5 6c-3 0-4 3-3 5s5 2 7-3"/><path d="M12 10c2-5 8-7 9-4s-1 6-5 6c3 0 4 3 3 5s-5 2-7-3"/><path d="m10.5 5 1.5 3 1.5-3"/>',
  strawberry:
    '<path d="M12 22c-4-1-8-6-8-10 0-3 2-4 4-4s3 1 4 1 2-1 4-1 4 1 4 4c0 4-4 9-8 10Z"/><path d="M8 5c1 2 2 3 4 4 2-1 3-2 4-4"/><path d="M12 9V3"/><path d="M9 13v.01M15 13v.01M12 16v.01"/>',
};

const require = createRequire(import.meta.url);
const cache = new Map<string, string>();

/** Paths of an icon on a 24-unit grid, from Lucide (ISC licence) or our own. Throws if there is none. */
export function icon(name: string): string {
  const own = OWN[name];
  if (own !== undefined) {
    return own;
  }
  let paths = cache.get(name);
  if (paths === undefined) {
    const file = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
    paths = file
      .slice(file.indexOf(">", file.indexOf("<svg")) + 1, file.lastIndexOf("</svg>"))
      .replace(/\s*\n\s*/g, "")
      .trim();
    cache.set(name, paths);
  }
  return paths;
}

/** Name of the icon printed on a product, or undefined for a plain one. */
export function motif(name: string): string | undefined {
  return MOTIFS.find(([words]) => words.test(name))?.[1];
}

/** Repeating patterns of a product's surface. */
export type Pattern = "dots" | "stripes" | "gingham" | "hearts" | "flowers" | "flag" | "stars" | "plain";

const PATTERNS: ReadonlyArray<readonly [RegExp, Pattern]> = [
  [/retro ?spot|polka ?dot|spot(?:s|ty|ted)?\b|dotty|dots/i, "dots"],
  [/union jack|union flag|jubilee/i, "flag"],
  [/strip(?:e|es|y|ey)\b|regency|deck ?chair|circus/i, "stripes"],
  [/gingham|check\b|tartan|picnic|diner/i, "gingham"],
  [/hearts|sweetheart/i, "hearts"],
  [/stars|spaceboy|magic/i, "stars"],
  [
    /floral|flowers|daisy|paisley|rose|botanical|blossom|folkart|suki|jardin|cottage|woodland|morris/i,
    "flowers",
  ],
];

/** The pattern that a name speaks of. */
export function pattern(name: string): Pattern {
  return PATTERNS.find(([words]) => words.test(name))?.[1] ?? "plain";
}

const HEART = "M0 5C-9-1-5-8 0-4 5-8 9-1 0 5Z";
const STAR = "M0-7 2-2 7-2 3 1.5 4.5 7 0 3.5-4.5 7-3 1.5-7-2-2-2Z";

/** A `<pattern id="f">` definition in a palette; empty for plain surfaces. */
export function patternDefinition(kind: Pattern, inks: Palette): string {
  const pale = lightness(inks.base) > 0.8;
  const mark = pale ? shade(inks.accent, -0.12) : shade(inks.base, 0.78);
  const open = (size: number, body: string, ground = inks.base) =>
    `<pattern id="f" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><rect width="${size}" height="${size}" fill="${ground}"/>${body}</pattern>`;
  switch (kind) {
    case "dots":
      return open(36, `<g fill="${mark}"><circle cx="9" cy="9" r="6"/><circle cx="27" cy="27" r="6"/></g>`);
    case "stripes":
      return open(36, `<path fill="${mark}" d="M0 0h14v36H0z"/>`);
    case "gingham":
      return open(40, `<path fill="${mark}" fill-opacity=".55" d="M0 0h20v40H0zM0 0h40v20H0z"/>`);
    case "hearts":
      return open(
        44,
        `<g fill="${mark}"><path transform="translate(12 13)" d="${HEART}"/><path transform="translate(34 34)" d="${HEART}"/></g>`,
      );
    case "stars":
      return open(
        52,
        `<g fill="${mark}"><path transform="translate(13 14)" d="${STAR}"/><circle cx="38" cy="12" r="2"/><path transform="translate(38 40) scale(.7)" d="${STAR}"/><circle cx="10" cy="40" r="2.5"/></g>`,
      );
    case "flowers":
      return open(56, flowers(inks, mark));
    case "flag":
      return flag();
    default:
      return "";
  }
}

function flowers(inks: Palette, mark: string): string {
  const bloom = (x: number, y: number, fill: string) =>
    `<g transform="translate(${x} ${y})" fill="${fill}"><circle cy="-6" r="5"/><circle cx="6" r="5"/><circle cy="6" r="5"/><circle cx="-6" r="5"/><circle r="3.5" fill="#e9b949"/></g>`;
  const leaf = shade(inks.base, lightness(inks.base) > 0.6 ? -0.25 : 0.35);
  return `${bloom(15, 16, mark)}${bloom(43, 42, inks.accent)}<g fill="${leaf}"><ellipse cx="40" cy="14" rx="7" ry="3" transform="rotate(-35 40 14)"/><ellipse cx="14" cy="43" rx="7" ry="3" transform="rotate(30 14 43)"/></g>`;
}

function flag(): string {
  return (
    '<pattern id="f" width="200" height="140" patternUnits="userSpaceOnUse" patternTransform="translate(0 30)"><rect width="200" height="140" fill="#34507f"/>' +
    '<path stroke="#f6f1e8" stroke-width="26" d="m0 0 200 140M200 0 0 140"/><path stroke="#c8473f" stroke-width="9" d="m0 0 200 140M200 0 0 140"/>' +
    '<path stroke="#f6f1e8" stroke-width="42" d="M100 0v140M0 70h200"/><path stroke="#c8473f" stroke-width="24" d="M100 0v140M0 70h200"/></pattern>'
  );
}

/** "Set of 6", "Pack of 12" and the like: the words for a badge, or undefined. */
export function badge(name: string): string | undefined {
  const found =
    /\b(set|pack|box|pk) ?(?:of|\/) ?(\d{1,3}|two|three|four|six)\b/i.exec(name) ??
    /\b(s)\/(\d{1,2})\b/i.exec(name);
  if (!found) {
    return undefined;
  }
  const words: Readonly<Record<string, string>> = { two: "2", three: "3", four: "4", six: "6" };
  const number = (found[2] ?? "").toLowerCase();
  const kind = /^(pack|pk)/i.test(found[1] ?? "")
    ? "pack of"
    : /^box/i.test(found[1] ?? "")
      ? "box of"
      : "set of";
  return `${kind} ${words[number] ?? number}`;
}

/** One of the icons for products whose name says nothing to print. */
export function fallbackIcon(name: string): string {
  return pick(["gift", "sparkles", "flower-2", "star", "heart", "leaf"], hash(name) >>> 3);
}
