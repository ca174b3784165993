/** Things of the kitchen and the tea table. */

import { box, disc, line, oval, path, type Silhouette, shine } from "./silhouette.js";

export const TABLEWARE: readonly Silhouette[] = [
  {
    name: "hot-water-bottle",
    words: /hot water bottle|hottie/i,
    place: "stands",
    shadow: 90,
    motif: [200, 235, 96],
    draw: (i) =>
      `${box(172, 84, 56, 50, 12, i.dark)}${box(160, 72, 80, 22, 11, i.accent)}${path("M150 120h100c26 0 42 22 42 50v112c0 28-18 46-46 46h-92c-28 0-46-18-46-46V170c0-28 16-50 42-50Z", i.fill)}${line("M150 146c0 12 100 12 100 0", i.dark, 6)}${shine("M124 170c0-16 8-26 18-28v150c-12-2-18-10-18-22Z")}`,
  },
  {
    name: "cake-stand",
    words: /cake ?stand|cakestand|tier/i,
    place: "stands",
    shadow: 84,
    draw: (i) =>
      `${path("M186 110h28v200h-28z", i.light)}${oval(200, 312, 76, 14, i.dark)}${path("M82 226h236c0 22-54 34-118 34S82 248 82 226Z", i.fill)}${oval(200, 226, 118, 17, i.light)}${path("M124 138h152c0 16-34 26-76 26s-76-10-76-26Z", i.fill)}${oval(200, 138, 76, 12, i.light)}${cupcake(150, 214, i.accent)}${cupcake(246, 214, "#e9b949")}${cupcake(200, 128, i.base)}`,
  },
  {
    name: "cake-cases",
    words: /cake ?(?:baking )?cases|cupcake|muffin|bun cases/i,
    place: "stands",
    shadow: 100,
    draw: (i) =>
      `${path("M108 214h184l-26 106H134Z", i.fill)}${[128, 152, 176, 200, 224, 248, 272].map((x) => line(`M${x} 218l${(200 - x) * 0.14} 98`, i.dark, 2)).join("")}${path("M92 212c-10-40 26-54 40-60 4-44 52-66 78-44 34-18 66 10 62 48 26 4 50 26 36 56Z", i.light)}${shine("M110 196c0-24 24-34 38-36 2-20 14-34 28-40-8 26-6 52-66 76Z")}${disc(206, 92, 20, "#c8473f")}${line("M208 74c4-18 14-26 26-28", "#6b9a6c", 5)}`,
  },
  {
    name: "teapot",
    words: /tea ?pot|kettle|coffee ?pot|cafetiere/i,
    place: "stands",
    shadow: 104,
    motif: [196, 238, 84],
    draw: (i) =>
      `${line("M280 190c56-18 66 74 0 88", i.dark, 18)}${path("M118 232c-34 4-34-46-66-62l18-12c38 10 42 28 66 28Z", i.dark)}${path("M108 236c0-52 40-84 92-84s92 32 92 84c0 50-32 82-92 82s-92-32-92-82Z", i.fill)}${oval(200, 158, 54, 12, i.dark)}${path("M148 154c4-26 24-36 52-36s48 10 52 36Z", i.light)}${disc(200, 110, 13, i.accent)}${shine("M124 230c2-28 18-46 40-54-14 26-18 56-12 96-18-8-28-22-28-42Z")}`,
  },
  {
    name: "teacup",
    words: /tea ?cup|saucer|\bcup\b(?! ?cake)|egg cup/i,
    place: "stands",
    shadow: 120,
    motif: [190, 226, 76],
    draw: (i) =>
      `${oval(196, 306, 128, 20, i.dark)}${oval(196, 300, 128, 18, i.light)}${line("M272 194c56-14 50 68-14 62", i.dark, 15)}${path("M104 168h180c0 70-30 124-70 128h-40c-40-4-70-58-70-128Z", i.fill)}${oval(194, 168, 90, 17, i.light)}${oval(194, 170, 78, 12, "#a9703f")}${shine("M118 190c4 40 18 70 38 90-10-30-16-56-16-86Z")}${steam(180)}`,
  },
  {
    name: "mug",
    words: /\bmugs?\b|beaker|tankard/i,
    place: "stands",
    shadow: 96,
    motif: [186, 222, 100],
    draw: (i) =>
      `${line("M270 166c66-12 66 92 0 84", i.dark, 20)}${path("M98 128h176v168c0 16-12 26-28 26H126c-16 0-28-10-28-26Z", i.fill)}${oval(186, 128, 88, 15, i.light)}${oval(186, 130, 76, 10, "#8a5a36")}${shine("M112 150h18v150c-10-2-18-8-18-16Z")}${steam(176)}`,
  },
  {
    name: "bowl",
    words: /\bbowls?\b|\bdish\b|soap dish|pudding/i,
    place: "stands",
    shadow: 80,
    motif: [200, 246, 70],
    draw: (i) =>
      `${path("M158 296h84l10 26H148Z", i.dark)}${path("M72 182h256c0 78-56 128-128 128S72 260 72 182Z", i.fill)}${oval(200, 182, 128, 24, i.light)}${oval(200, 185, 112, 16, i.dark)}${shine("M90 208c6 40 26 66 54 82-20-28-28-52-30-78Z")}`,
  },
  {
    name: "plate",
    words: /\bplates?\b|placemat|coaster|\btile\b/i,
    loosely: /doil|paper/i,
    place: "stands",
    shadow: 70,
    motif: [200, 196, 84],
    draw: (i) =>
      `${disc(200, 196, 132, i.dark)}${disc(200, 192, 132, i.fill)}${disc(200, 192, 88, "#fffaf2")}<circle cx="200" cy="192" r="98" fill="none" stroke="#fffaf2" stroke-width="4"/><circle cx="200" cy="192" r="80" fill="none" stroke="${i.base}" stroke-opacity=".35" stroke-width="3"/>`,
  },
  {
    name: "jar",
    words: /\bjars?\b|\bjam\b|container|canister|apothecary/i,
    loosely: /storage|biscuit|cookie|pantry|sugar|spice/i,
    place: "stands",
    shadow: 92,
    motif: [200, 236, 72],
    draw: (i) =>
      `${path("M116 150c0-14 12-22 26-22h116c14 0 26 8 26 22v146c0 16-12 26-28 26H144c-16 0-28-10-28-26Z", i.fill)}${box(124, 92, 152, 38, 12, i.accent)}${box(136, 74, 128, 24, 12, i.dark)}${box(142, 184, 116, 104, 12, "#fffaf2")}${shine("M128 156h14v148c-8-2-14-8-14-16Z")}`,
  },
  {
    name: "bottle",
    words: /bottles?\b|vase|decanter|water carafe|\bjug\b|pitcher|flask/i,
    place: "stands",
    shadow: 72,
    motif: [200, 246, 72],
    draw: (i) =>
      `${path("M174 78h52v54c0 28 44 44 44 90v76c0 14-10 24-24 24h-92c-14 0-24-10-24-24v-76c0-46 44-62 44-90Z", i.fill)}${box(166, 62, 68, 22, 10, i.accent)}${shine("M146 226c2-30 26-50 34-66-4 40-16 60-16 150-12-2-18-8-18-18Z")}`,
  },
  {
    name: "cutlery",
    words:
      /cutlery|spoons?\b|\bfork|knife|ladle|spatula|whisk|scoop|grater|slicer|cutter|rolling pin|utensil|mould/i,
    place: "lies",
    draw: (i) =>
      `${box(118, 196, 24, 146, 12, i.fill)}${line("M130 200v-34M112 84v52c0 30 36 30 36 0V84M130 84v60", i.dark, 9)}${box(188, 196, 24, 146, 12, i.fill)}${path("M188 200V96c0-22 24-30 24-10v114Z", "#b9c0c6")}${box(258, 196, 24, 146, 12, i.fill)}${oval(270, 118, 30, 44, "#b9c0c6")}${line("M270 160v36", "#b9c0c6", 10)}${oval(264, 110, 12, 24, "#ffffff66")}`,
  },
  {
    name: "oven-glove",
    words: /oven glove|glove|mitten|hand warmer|pot holder/i,
    place: "hangs",
    motif: [196, 234, 84],
    draw: (i) =>
      `${line("M196 92c-18-34 26-40 14-4", i.dark, 6)}${path("M134 312V172c0-52 28-84 64-84s64 30 64 78c12-20 44-16 44 12 0 34-38 46-44 78v56Z", i.fill)}${box(124, 296, 148, 40, 12, i.accent)}${line("M146 180c0-40 20-72 50-76", "#ffffff77", 6)}`,
  },
  {
    name: "apron",
    words: /apron/i,
    place: "hangs",
    motif: [200, 262, 70],
    draw: (i) =>
      `${line("M156 116c-10-74 98-74 88 0M104 214c-24 10-34 30-30 60M296 214c24 10 34 30 30 60", i.dark, 7)}${path("M150 112h100l6 64c6 22 24 34 48 36l10 122c-68 18-160 18-228 0l10-122c24-2 42-14 48-36Z", i.fill)}${path("M144 226h112v74c-36 8-76 8-112 0Z", "#fffaf2aa")}${line("M150 112h100", i.accent, 10)}`,
  },
  {
    name: "towel",
    words: /tea ?towel|towel|flannel|napkin|table ?cloth|runner|throw|blanket|quilt/i,
    place: "hangs",
    motif: [200, 226, 84],
    draw: (i) =>
      `${line("M70 92h260", "#9b7a55", 12)}${path("M110 88h180v236c-30 10-60-6-90 4s-60 6-90-4Z", i.fill)}${path("M110 274h180v16H110zM110 300h180v7H110z", i.accent)}${shine("M122 92h20v222l-20-4Z")}`,
  },
  {
    name: "tray",
    words: /\btrays?\b|chopping|board\b|slate/i,
    place: "lies",
    motif: [200, 208, 120],
    draw: (i) =>
      `${box(64, 120, 272, 180, 40, i.dark)}${box(64, 112, 272, 180, 40, i.fill)}${box(88, 134, 224, 136, 26, "#fffaf2cc")}${line("M84 182v40M316 182v40", i.dark, 9)}`,
  },
];

function steam(x: number): string {
  return line(`M${x} 100c-10-16 10-24 0-42M${x + 28} 104c-10-16 10-24 0-42`, "#ffffffaa", 7);
}

function cupcake(x: number, y: number, colour: string): string {
  return `${path(`M${x - 17} ${y - 8}h34l-6 22h-22Z`, "#b98a5b")}${path(`M${x - 21} ${y - 8}c-2-16 10-26 21-26s23 10 21 26Z`, colour)}${disc(x, y - 35, 5, "#c8473f")}`;
}
