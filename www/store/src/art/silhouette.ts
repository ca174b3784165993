/** The form of a product's picture: a shape for each kind of thing the shop sells, on a 400-unit square. */

/** Inks of a shape: `fill` is the surface (a pattern or `base`), the others are plain colours. */
export interface Inks {
  readonly fill: string;
  readonly base: string;
  readonly dark: string;
  readonly light: string;
  readonly accent: string;
}

/** A drawable kind of product. */
export interface Silhouette {
  readonly name: string;
  /** Words in a product's name that mean this shape. */
  readonly words: RegExp;
  /** Words that mean this shape only where no shape's `words` occur: what is often printed on other things. */
  readonly loosely?: RegExp;
  /** Standing things get a table and a shadow, hanging ones a wall. */
  readonly place: "stands" | "hangs" | "lies";
  /** Half the width of the shadow under a standing thing. */
  readonly shadow?: number;
  /** Where a motif is printed: centre x, centre y, size; absent = nowhere. */
  readonly motif?: readonly [number, number, number];
  readonly draw: (inks: Inks) => string;
}

/** A path in one colour. */
export const path = (d: string, fill: string): string => `<path d="${d}" fill="${fill}"/>`;
/** A stroked line. */
export const line = (d: string, stroke: string, width: number): string =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
/** A rounded rectangle. */
export const box = (x: number, y: number, w: number, h: number, r: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
/** A circle. */
export const disc = (x: number, y: number, r: number, fill: string): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
/** An ellipse. */
export const oval = (x: number, y: number, rx: number, ry: number, fill: string): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
/** The soft highlight on a round body. */
export const shine = (d: string): string => `<path d="${d}" fill="#fff" fill-opacity=".28"/>`;
/** A candle flame with its glow, its foot at (x, y). */
export const flame = (x: number, y: number): string =>
  `${oval(x, y - 20, 34, 40, "#ffd98a55")}${path(`M${x} ${y}c-13-4-13-20 0-38 13 18 13 34 0 38Z`, "#f4a93c")}${path(`M${x} ${y - 2}c-6-3-6-10 0-19 6 9 6 16 0 19Z`, "#fff0b8")}`;
