/** Things that light, hang in and stand about a home. */

import { box, disc, flame, line, oval, path, type Silhouette, shine } from "./silhouette.js";

export const ORNAMENTS: readonly Silhouette[] = [
  {
    name: "christmas-tree",
    words: /christmas tree|xmas tree|\btree\b(?!.*decoration)/i,
    place: "stands",
    shadow: 70,
    draw: (i) =>
      `${box(184, 284, 32, 40, 4, "#8a6243")}${path("M200 62 268 150h-34l52 70h-38l56 76H96l56-76h-38l52-70h-34Z", "#5f8f68")}${path("M200 62 268 150h-34l52 70h-38l56 76H200Z", "#00000014")}${line("M150 168c40 18 72 8 96-12M126 244c60 24 116 10 140-18", i.accent, 6)}${[
        [176, 140],
        [228, 186],
        [160, 214],
        [246, 262],
        [140, 276],
        [200, 262],
      ]
        .map(([x, y]) => disc(x ?? 0, y ?? 0, 10, i.base))
        .join("")}${path("M200 34l8 18 20 2-15 13 4 20-17-10-17 10 4-20-15-13 20-2Z", "#e9b949")}`,
  },
  {
    name: "wreath",
    words: /wreath/i,
    place: "hangs",
    draw: (i) => {
      const leaves = Array.from({ length: 22 }, (_, n) => {
        const turn = (n * 360) / 22;
        return `<g transform="rotate(${turn.toFixed(1)} 200 210)">${oval(200, 104, 15, 36, n % 2 ? "#5f8f68" : "#7fae7d")}${n % 3 ? "" : disc(200, 122, 9, i.base)}</g>`;
      }).join("");
      return `${leaves}${path("M200 306c-50-34-66 6-50 30 16 6 38-6 50-30Zm0 0c50-34 66 6 50 30-16 6-38-6-50-30Z", i.fill)}${path("M194 308l-26 56h20l12-44 12 44h20l-26-56Z", i.dark)}`;
    },
  },
  {
    name: "bauble",
    words: /bauble|disco ball|christmas decoration|xmas decoration|hanging ball|decoration/i,
    loosely: /christmas|xmas|jingle|\bball\b|honeycomb|ornament|mobile/i,
    place: "hangs",
    motif: [200, 222, 92],
    draw: (i) =>
      `${line("M200 0v92", "#9b7a55", 4)}${box(178, 90, 44, 30, 8, "#d3a640")}${line("M190 92c-8-26 28-26 20 0", "#d3a640", 6)}${disc(200, 222, 106, i.fill)}${path("M96 206c66 24 142 24 208 0v34c-66 24-142 24-208 0Z", `${i.light}55`)}${shine("M122 190c8-34 34-54 62-58-30 22-40 50-42 88-14-4-22-14-20-30Z")}`,
  },
  {
    name: "bunting",
    words: /bunting|garland|streamer|flags?\b|pennant|paper chain/i,
    place: "hangs",
    draw: (i) => {
      const flags = [
        [34, 108, 12],
        [104, 142, 8],
        [176, 160, 0],
        [248, 152, -6],
        [318, 122, -12],
      ]
        .map(
          ([x, y, turn], n) =>
            `<g transform="translate(${x} ${y}) rotate(${turn})">${path("M-8 0h64L24 104Z", n % 2 ? i.accent : i.fill)}${path("M-8 0h64l-5 14H-3Z", "#ffffff55")}</g>`,
        )
        .join("");
      return `${flags}${line("M0 82c110 100 290 110 400 10", i.dark, 6)}`;
    },
  },
  {
    name: "lantern",
    words: /lantern|lamp\b|chandelier|light(?!er)s?\b(?! holder)(?<!t-light)(?<!tealight)|fairy lights|bulb/i,
    place: "stands",
    shadow: 80,
    draw: (i) =>
      `${line("M160 112c0-60 80-60 80 0", i.dark, 8)}${path("M200 84l84 54H116Z", i.fill)}${box(128, 136, 144, 160, 8, "#fff1c9aa")}${box(180, 226, 40, 68, 6, "#fffaf2")}${flame(200, 224)}${line("M132 138v158M268 138v158M200 138v26", i.dark, 10)}${box(110, 290, 180, 32, 8, i.fill)}`,
  },
  {
    name: "t-light",
    words: /t-?lights?|tealight|votive|candle ?holder|candlestick|hurricane/i,
    place: "stands",
    shadow: 86,
    motif: [200, 254, 64],
    draw: (i) =>
      `${oval(200, 176, 150, 120, "#ffe9b033")}${path("M108 190h184l-20 112c-2 12-12 20-24 20h-96c-12 0-22-8-24-20Z", i.fill)}${oval(200, 190, 92, 18, i.light)}${oval(200, 192, 78, 12, "#fff3cf")}${flame(200, 190)}${shine("M124 212h16l14 92c-8-2-12-8-14-16Z")}`,
  },
  {
    name: "candle",
    words: /candles?\b|incense|scented|fragrance|potpourri/i,
    place: "stands",
    shadow: 78,
    motif: [200, 244, 76],
    draw: (i) =>
      `${path("M130 160h140v142c0 12-8 20-20 20H150c-12 0-20-8-20-20Z", i.fill)}${oval(200, 160, 70, 14, i.light)}${line("M200 158v-18", "#5a4a3a", 5)}${flame(200, 142)}${path("M236 166c2 30 24 20 22 52 12 4 14-20 12-56Z", i.light)}${shine("M142 178h14v128c-8 0-14-6-14-12Z")}`,
  },
  {
    name: "clock",
    words: /clock|\bwatch\b|\btimer\b|thermometer/i,
    place: "stands",
    shadow: 74,
    draw: (i) =>
      `${path("M136 306l-18 20h24l16-14ZM264 306l18 20h-24l-16-14Z", i.dark)}${disc(136, 96, 32, i.accent)}${disc(264, 96, 32, i.accent)}${disc(200, 206, 122, i.fill)}${disc(200, 206, 94, "#fffaf2")}${Array.from({ length: 12 }, (_, n) => `<g transform="rotate(${n * 30} 200 206)">${box(197, 122, 6, n % 3 ? 10 : 18, 3, i.dark)}</g>`).join("")}${line("M200 206V146M200 206l36 26", "#3d3b42", 8)}${disc(200, 206, 9, i.base)}`,
  },
  {
    name: "mirror",
    words: /mirror/i,
    place: "hangs",
    draw: (i) =>
      `${line("M200 20v60", "#9b7a55", 4)}${oval(200, 210, 118, 140, i.dark)}${oval(200, 206, 118, 140, i.fill)}${oval(200, 206, 90, 112, "#dfeaec")}${path("M142 240 232 118c20 10 34 30 40 56l-84 118c-22-8-38-26-46-52Z", "#ffffff88")}`,
  },
  {
    name: "frame",
    words: /frame|photo|picture|canvas|wall art|billboard|cinema|screen/i,
    loosely: /\bprint\b|\bart\b/i,
    place: "hangs",
    motif: [200, 214, 88],
    draw: (i) =>
      `${line("M130 92l70-50 70 50", "#9b7a55", 4)}${box(88, 88, 224, 252, 8, i.dark)}${box(88, 84, 224, 252, 8, i.fill)}${box(118, 114, 164, 192, 3, "#fffaf2")}${box(136, 132, 128, 156, 2, `${i.accent}66`)}`,
  },
  {
    name: "sign",
    words: /\bsigns?\b|plaque|black ?board|chalk ?board|memo|notice|letter rack|door ?sign/i,
    loosely: /\bwall\b|\bword\b/i,
    place: "hangs",
    motif: [200, 224, 92],
    draw: (i) =>
      `${line("M110 148l90-92 90 92", "#9b7a55", 5)}${disc(200, 54, 8, "#8a6243")}${box(60, 146, 280, 156, 16, i.dark)}${box(60, 140, 280, 156, 16, i.fill)}<rect x="74" y="154" width="252" height="128" rx="10" fill="none" stroke="#fffaf2" stroke-opacity=".8" stroke-width="3"/>${disc(110, 162, 6, i.dark)}${disc(290, 162, 6, i.dark)}`,
  },
  {
    name: "hanging-heart",
    loosely: /hearts?\b/i,
    words:
      /hearts?\b(?=.*(?:hang|decoration|wicker|holder|felt|wood|metal|cornice))|hanging.*heart|heart\b.*\b(?:small|medium|large)/i,
    place: "hangs",
    draw: (i) =>
      `${line("M200 0v124", "#9b7a55", 4)}${path("M200 344C88 262 66 204 82 154c18-52 92-56 118-4 26-52 100-48 118 4 16 50-6 108-118 190Z", i.fill)}<path d="M200 318C112 252 92 206 104 164c14-36 72-38 96 14 24-52 82-50 96-14 12 42-8 88-96 154Z" fill="none" stroke="#fffaf2" stroke-opacity=".65" stroke-width="4" stroke-dasharray="9 9"/>${path("M200 132c-34-36-56-8-42 12 12 8 30 2 42-12Zm0 0c34-36 56-8 42 12-12 8-30 2-42-12Z", i.accent)}`,
  },
  {
    name: "hook",
    words: /hooks?\b|hanger|coat rack|\brack\b|peg\b|knob|door ?knob|handle/i,
    place: "hangs",
    draw: (i) =>
      `${box(60, 120, 280, 74, 18, i.dark)}${box(60, 114, 280, 74, 18, i.fill)}${[110, 200, 290].map((x) => `${disc(x, 150, 20, i.accent)}${line(`M${x} 152v74c0 40-44 40-42 4`, i.dark, 12)}${disc(x - 42, 228, 10, i.accent)}`).join("")}`,
  },
  {
    name: "doormat",
    words: /doormat|\bmat\b|\brug\b/i,
    place: "lies",
    motif: [200, 218, 108],
    draw: (i) =>
      `${path("M44 300 76 130h248l32 170Z", i.dark)}${path("M44 294 76 124h248l32 170Z", "#c49a6a")}${path("M74 276 98 142h204l24 134Z", i.fill)}`,
  },
  {
    name: "cushion",
    words: /cushion|pillow|seat pad|bean ?bag|doorstop|door stop/i,
    place: "stands",
    shadow: 120,
    motif: [200, 210, 112],
    draw: (i) =>
      `${path("M72 92c40 18 216 18 256 0 12 50 12 182 0 232-40-16-216-16-256 0-12-50-12-182 0-232Z", i.fill)}${shine("M84 108c30 12 60 14 90 14-50 40-80 100-86 180-10-50-12-140-4-194Z")}<path d="M72 92c40 18 216 18 256 0 12 50 12 182 0 232-40-16-216-16-256 0-12-50-12-182 0-232Z" fill="none" stroke="${i.accent}" stroke-width="7"/>`,
  },
  {
    name: "watering-can",
    words: /watering can/i,
    place: "stands",
    shadow: 100,
    motif: [180, 246, 76],
    draw: (i) =>
      `${line("M122 188c-10-96 116-96 112 0", i.dark, 13)}${path("M252 250c40-10 50-70 74-100l22 16c-26 30-36 90-80 116Z", i.dark)}${path("M318 146l44-26 10 64-34 2Z", i.fill)}${path("M102 180h154l14 122c0 12-8 20-20 20H110c-12 0-20-8-20-20Z", i.fill)}${oval(179, 180, 77, 13, i.light)}${shine("M112 200h14l-8 106c-8-2-12-8-12-16Z")}`,
  },
  {
    name: "plant-pot",
    words: /plant(?:er|s)?\b|\bpots?\b|flower ?pot|cactus|bucket/i,
    loosely: /garden|grow|herb|seed|artificial|\bflowers?\b|\brose\b|lavender/i,
    place: "stands",
    shadow: 74,
    motif: [200, 272, 50],
    draw: (i) =>
      `${line("M200 220V110M200 190c-40-4-58-30-60-62M200 178c40-6 62-34 64-66", "#5f8f68", 8)}${path("M200 118c-26-24-18-60 0-74 18 14 26 50 0 74Z", "#7fae7d")}${path("M140 132c-34 0-52-26-50-50 26-2 52 16 50 50Z", "#7fae7d")}${path("M264 116c-2-34 22-54 48-54 4 24-12 52-48 54Z", "#5f8f68")}${path("M160 200c-30 10-52-6-58-26 24-10 50-2 58 26Z", "#5f8f68")}${box(118, 208, 164, 36, 8, i.dark)}${path("M130 240h140l-16 68c-2 9-8 14-16 14h-76c-8 0-14-5-16-14Z", i.fill)}`,
  },
  {
    name: "birdhouse",
    words: /bird ?house|bird table|bird feeder|dovecote|nesting box/i,
    loosely: /\bhouse\b|play ?house|shed|cottage|\bbirds?\b/i,
    place: "hangs",
    draw: (i) =>
      `${line("M200 0v80", "#9b7a55", 4)}${box(118, 166, 164, 160, 8, i.fill)}${path("M200 66 316 180H84Z", i.dark)}${disc(200, 218, 34, "#4b3a31")}${box(192, 262, 16, 30, 6, i.accent)}${path("M200 66 316 180h-24L200 92Z", "#ffffff33")}`,
  },
  {
    name: "egg",
    words: /\beggs?\b/i,
    loosely: /easter/i,
    place: "stands",
    shadow: 62,
    motif: [200, 224, 84],
    draw: (i) =>
      `${path("M200 66c62 0 104 96 104 158 0 58-42 98-104 98S96 282 96 224C96 162 138 66 200 66Z", i.fill)}${path("M98 196c16 20 34-16 51 4s34 16 51-4 34-16 51 4 35 16 51-4l2 28c-16 20-36 16-53-4s-34-16-51 4-34 16-51-4-36-16-52 4Z", i.accent)}${shine("M130 190c6-44 28-80 54-96-22 40-30 84-30 130-18-2-26-14-24-34Z")}`,
  },
];
