/** Puts a product's picture together from its name: paper, table, shape, pattern, motif and badge. */

import { GIFTS } from "./gifts.js";
import { badge, fallbackIcon, icon, motif, type Pattern, pattern, patternDefinition } from "./motif.js";
import { ORNAMENTS } from "./ornaments.js";
import { hash, lightness, type Palette, palette, shade } from "./palette.js";
import { type Inks, oval, type Silhouette } from "./silhouette.js";
import { TABLEWARE } from "./tableware.js";

const ALL: readonly Silhouette[] = [...TABLEWARE, ...ORNAMENTS, ...GIFTS];

/**
 * The shape that a name speaks of, or undefined.
 *
 * English puts the thing last ("strawberry ceramic trinket box"), so of all shapes whose words occur the one that ends
 * last wins; a "with ..." or "for ..." tail is left out, and so is a design's name in front of "design".
 */
export function silhouette(name: string): Silhouette | undefined {
  const thing = name.replace(/\b(?:with|w\/|for|in)\b.*$/i, "").replace(/\bdesign\b.*$/i, "");
  return (
    latest(thing, (shape) => shape.words) ??
    latest(name, (shape) => shape.words) ??
    latest(name, (shape) => shape.loosely)
  );
}

function latest(name: string, words: (shape: Silhouette) => RegExp | undefined): Silhouette | undefined {
  let best: Silhouette | undefined;
  let end = -1;
  for (const shape of ALL) {
    for (const found of name.matchAll(new RegExp(words(shape)?.source ?? "(?!)", "gi"))) {
      const until = found.index + found[0].length;
      if (until > end) {
        best = shape;
        end = until;
      }
    }
  }
  return best;
}

function inks(colours: Palette, kind: Pattern): Inks {
  return {
    fill: kind === "plain" ? colours.base : "url(#f)",
    base: colours.base,
    dark: shade(colours.base, lightness(colours.base) > 0.8 ? -0.18 : -0.26),
    light: shade(colours.base, 0.4),
    accent: colours.accent,
  };
}

/** An icon at (x, y), `size` units wide, drawn in one stroke colour. */
function stamp(name: string, x: number, y: number, size: number, colour: string, width: number): string {
  const scale = (size / 24).toFixed(2);
  const fill = ["heart", "star"].includes(name) ? colour : "none";
  return `<g transform="translate(${x - size / 2} ${y - size / 2}) scale(${scale})" fill="${fill}" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round">${icon(name)}</g>`;
}

function printed(shape: Silhouette, name: string, colours: Palette, kind: Pattern): string {
  const print = motif(name);
  if (!print || !shape.motif || kind === "flag") {
    return "";
  }
  const [x, y, size] = shape.motif;
  const onPaper = ["jar", "plate", "card", "playing-cards", "frame", "tray", "doll"].includes(shape.name);
  if (onPaper) {
    return stamp(
      print,
      x,
      y,
      size * 0.86,
      shade(colours.base, lightness(colours.base) > 0.7 ? -0.4 : -0.1),
      1.7,
    );
  }
  if (kind !== "plain") {
    const ground = `<circle cx="${x}" cy="${y}" r="${size * 0.52}" fill="#fffaf2"/>`;
    return (
      ground +
      stamp(print, x, y, size * 0.66, shade(colours.base, lightness(colours.base) > 0.7 ? -0.4 : -0.1), 1.8)
    );
  }
  const ink = lightness(colours.base) > 0.66 ? shade(colours.accent, -0.25) : "#fffaf2";
  return stamp(print, x, y, size, ink, 1.5);
}

function ground(shape: Silhouette | undefined, colours: Palette): string {
  if (shape?.place !== "stands") {
    return "";
  }
  return `<path d="M0 296h400v104H0z" fill="${colours.table}"/>${oval(200, 324, (shape.shadow ?? 90) * 1.12, 13, `${shade(colours.table, -0.35)}77`)}`;
}

function ribbon(text: string, colours: Palette): string {
  const fill = lightness(colours.base) > 0.75 ? "#8c4a3c" : shade(colours.base, -0.45);
  const [words, number] = [text.replace(/ \d+$/, ""), /\d+$/.exec(text)?.[0] ?? ""];
  return `<g font-family="Georgia,serif" text-anchor="middle" fill="#fffaf2"><circle cx="344" cy="56" r="38" fill="${fill}"/><circle cx="344" cy="56" r="33" fill="none" stroke="#fffaf2" stroke-opacity=".5"/><text x="344" y="49" font-size="12" font-style="italic">${words}</text><text x="344" y="75" font-size="26" font-weight="700">${number}</text></g>`;
}

/** The SVG document of a product, 400 by 400 units, about 1 to 3 kB; the same name always gives the same bytes. */
export function picture(name: string): string {
  const colours = palette(name);
  const kind = pattern(name);
  const shape = silhouette(name);
  const seed = hash(name);
  const turn = shape?.place === "lies" ? (seed % 9) - 4 : 0;
  const body = shape
    ? shape.draw(inks(colours, kind)) + printed(shape, name, colours, kind)
    : emblem(name, colours, kind);
  const set = badge(name);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">',
    `<defs><radialGradient id="p" cx=".4" cy=".3" r=".9"><stop stop-color="${shade(colours.paper, 0.5)}"/><stop offset="1" stop-color="${colours.paper}"/></radialGradient>${patternDefinition(kind, colours)}</defs>`,
    '<rect width="400" height="400" fill="url(#p)"/>',
    ground(shape, colours),
    `<g transform="rotate(${turn} 200 200)">${body}</g>`,
    set ? ribbon(set, colours) : "",
    "</svg>",
  ].join("");
}

/** A product of no known shape: its motif on a round label. */
function emblem(name: string, colours: Palette, kind: Pattern): string {
  const surface = inks(colours, kind);
  const ink = shade(colours.base, lightness(colours.base) > 0.7 ? -0.45 : -0.12);
  return `<circle cx="200" cy="206" r="134" fill="${surface.dark}"/><circle cx="200" cy="200" r="134" fill="${surface.fill}"/><circle cx="200" cy="200" r="104" fill="#fffaf2"/><circle cx="200" cy="200" r="96" fill="none" stroke="${ink}" stroke-opacity=".35" stroke-width="3" stroke-dasharray="3 8" stroke-linecap="round"/>${stamp(motif(name) ?? fallbackIcon(name), 200, 200, 118, ink, 1.5)}`;
}
