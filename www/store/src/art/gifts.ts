/** Things to wear, write on, wrap and play with. */

import { box, disc, line, oval, path, type Silhouette, shine } from "./silhouette.js";

export const GIFTS: readonly Silhouette[] = [
  {
    name: "earrings",
    words: /earrings?/i,
    place: "lies",
    draw: (i) =>
      `${box(96, 70, 208, 262, 18, "#fffaf2")}${[152, 248].map((x) => `${line(`M${x} 138c-20-34 20-34 8 0v20`, "#b9a06a", 5)}${disc(x + 6, 180, 20, i.base)}${path(`M${x + 6} 200c34 40 26 76 0 76s-34-36 0-76Z`, i.fill)}${disc(x, 172, 6, "#ffffff99")}`).join("")}`,
  },
  {
    name: "necklace",
    words: /necklace|pendant|\bchain\b|choker|lariat/i,
    place: "lies",
    draw: (i) => {
      const beads = Array.from({ length: 17 }, (_, n) => {
        const turn = Math.PI * (n / 16);
        const x = 200 - 118 * Math.cos(turn);
        const y = 96 + 148 * Math.sin(turn);
        return disc(Math.round(x), Math.round(y), n % 2 ? 13 : 10, n % 2 ? i.base : i.accent);
      }).join("");
      return `${line("M82 96c-4-30 10-56 30-66M318 96c4-30-10-56-30-66", "#b9a06a", 4)}${beads}${path("M200 250c44 48 36 92 0 92s-44-44 0-92Z", i.fill)}${disc(188, 308, 9, "#ffffff88")}`;
    },
  },
  {
    name: "bracelet",
    words: /bracelet|bangle|\bring\b|anklet|watch strap/i,
    loosely: /charm\b/i,
    place: "lies",
    draw: (i) =>
      `<ellipse cx="200" cy="206" rx="118" ry="104" fill="none" stroke="${i.dark}" stroke-width="26"/><ellipse cx="200" cy="200" rx="118" ry="104" fill="none" stroke="${i.base}" stroke-width="24"/><ellipse cx="200" cy="200" rx="118" ry="104" fill="none" stroke="${i.accent}" stroke-width="14" stroke-dasharray="2 27" stroke-linecap="round"/>${line("M200 310v22", "#b9a06a", 5)}${path("M200 372c-40-26-34-44-16-46 8 0 14 4 16 10 2-6 8-10 16-10 18 2 24 20-16 46Z", i.base)}`,
  },
  {
    name: "hair",
    words: /hair|brooch|scrunchie|\bcomb\b|corsage|badge|patch|hat ?pin|\bclip\b|\bgrip\b/i,
    place: "lies",
    draw: (i) =>
      `${path("M200 210C130 120 62 140 72 214s78 74 128-4Zm0 0c70-90 138-70 128 4s-78 74-128-4Z", i.fill)}${path("M188 216l-52 112 40-14 24-76 24 76 40 14-52-112Z", i.dark)}${disc(200, 212, 27, i.accent)}${shine("M96 196c6-24 34-30 58-14-20 2-36 12-48 34-8-4-12-10-10-20Z")}`,
  },
  {
    name: "purse",
    words: /purse|wallet|handbag|clutch|make ?up bag|cosmetic|wash ?bag|pencil case/i,
    place: "stands",
    shadow: 110,
    motif: [200, 240, 88],
    draw: (i) =>
      `${line("M126 152c10-86 138-86 148 0", "#b9a06a", 9)}${path("M92 158h216c24 40 34 100 22 142-4 14-16 22-30 22H100c-14 0-26-8-30-22-12-42-2-102 22-142Z", i.fill)}${box(88, 142, 224, 24, 12, "#d3b060")}${disc(186, 140, 13, "#b9943f")}${disc(214, 140, 13, "#d3b060")}`,
  },
  {
    name: "bag",
    words: /\bbags?\b|shopper|tote|satchel|back ?pack|lunch|picnic|luggage|suitcase/i,
    place: "stands",
    shadow: 110,
    motif: [200, 234, 104],
    draw: (i) =>
      `${line("M148 138c0-104 104-104 104 0", i.dark, 13)}${path("M90 130h220l18 176c1 10-6 16-16 16H88c-10 0-17-6-16-16Z", i.fill)}${line("M152 134v54M248 134v54", i.dark, 13)}${path("M90 130h220l2 18H88Z", i.accent)}${shine("M102 156h18L108 310H90Z")}`,
  },
  {
    name: "umbrella",
    words: /umbrella|parasol/i,
    place: "lies",
    draw: (i) =>
      `${line("M200 70v230c0 44-56 44-56 4", "#8a6243", 11)}${path("M52 214C56 128 122 74 200 74s144 54 148 140c-24-20-52-20-74 0-22-22-52-22-74 0-22-22-52-22-74 0-22-20-50-20-74 0Z", i.fill)}${path("M200 74c-34 30-70 80-74 140 22-22 52-22 74 0Z", "#ffffff2e")}${box(194, 50, 12, 28, 6, "#8a6243")}`,
  },
  {
    name: "christmas-stocking",
    words: /stocking|\bsocks?\b|slipper/i,
    place: "hangs",
    motif: [196, 204, 66],
    draw: (i) =>
      `${line("M250 78c24-30 34 10 6 16", i.dark, 6)}${path("M144 112h112v128c0 22 14 26 34 34 34 14 30 70-10 70h-64c-48 0-72-24-72-62Z", i.fill)}${box(130, 80, 140, 50, 18, "#fffaf2")}${path("M290 274c34 14 30 70-10 70h-18c-8-30 4-56 28-70Z", i.accent)}`,
  },
  {
    name: "notebook",
    words: /notebook|\bbooks?\b|journal|diary|album|sketch ?book|passport|\bpad\b|organiser|calendar|recipe/i,
    place: "stands",
    shadow: 96,
    motif: [212, 186, 104],
    draw: (i) =>
      `${box(106, 72, 202, 252, 10, "#fffaf2")}${box(98, 64, 202, 252, 12, i.dark)}${box(106, 64, 196, 252, 12, i.fill)}${box(98, 64, 34, 252, 10, i.dark)}${box(150, 262, 120, 26, 6, "#fffaf2dd")}${line("M276 64v252", i.accent, 8)}`,
  },
  {
    name: "card",
    words: /\bcards?\b|invite|postcard|envelope|writing set|tags?\b/i,
    loosely: /letter|stationery/i,
    place: "lies",
    motif: [200, 168, 92],
    draw: (i) =>
      `<g transform="rotate(-6 200 210)">${box(96, 184, 236, 156, 8, i.dark)}${path("M96 192l118 84 118-84v140H96Z", i.light)}</g><g transform="rotate(4 200 180)">${box(104, 62, 192, 220, 8, "#fffaf2")}${box(118, 76, 164, 192, 4, i.fill)}${disc(200, 172, 62, "#fffaf2e6")}</g>`,
  },
  {
    name: "wrap",
    words: /wrap|gift ?paper|tissue paper|\broll\b|crepe|sheet/i,
    place: "lies",
    draw: (i) =>
      `<g transform="rotate(-28 200 200)">${box(46, 116, 308, 62, 12, i.dark)}${box(46, 110, 308, 62, 12, i.fill)}${oval(352, 141, 12, 31, "#fffaf2")}${box(46, 216, 308, 62, 12, i.fill)}${oval(352, 247, 12, 31, "#fffaf2")}${box(180, 104, 26, 180, 4, i.accent)}${path("M193 190c-50-44-70 4-50 24 18 8 38-4 50-24Zm0 0c50-44 70 4 50 24-18 8-38-4-50-24Z", i.accent)}</g>`,
  },
  {
    name: "ribbon",
    words: /ribbons?|\btape\b|\breels?\b|string|twine|yarn|thread|\blace\b|tassle|washi/i,
    place: "stands",
    shadow: 90,
    draw: (i) =>
      `${path("M286 250c40 20 70-10 84 24s-50 50-110 46", i.dark)}${disc(196, 210, 118, i.dark)}${disc(190, 204, 118, i.fill)}<circle cx="190" cy="204" r="86" fill="none" stroke="#ffffff66" stroke-width="3"/><circle cx="190" cy="204" r="100" fill="none" stroke="#00000018" stroke-width="3"/>${disc(190, 204, 62, "#fffaf2")}${disc(190, 204, 30, i.accent)}`,
  },
  {
    name: "pencils",
    words: /pencils?|\bpens?\b|crayon|chalk\b|marker|eraser|rubber\b|sharpener|ruler/i,
    loosely: /paint|colouring|drawing/i,
    place: "stands",
    shadow: 72,
    motif: [200, 264, 62],
    draw: (i) =>
      `${[
        [146, "#c8473f", -9],
        [178, "#eec256", -3],
        [208, "#6791bd", 3],
        [240, "#6b9a6c", 9],
      ]
        .map(
          ([x, colour, turn]) =>
            `<g transform="rotate(${turn} ${x} 300)">${box(Number(x), 120, 22, 150, 0, String(colour))}${path(`M${x} 120l11-40 11 40Z`, "#f0d9b5")}${path(`M${Number(x) + 7} 95l4-15 4 15Z`, String(colour))}</g>`,
        )
        .join(
          "",
        )}${path("M122 208h156l-10 100c-1 9-7 14-16 14H148c-9 0-15-5-16-14Z", i.fill)}${oval(200, 208, 78, 12, i.dark)}`,
  },
  {
    name: "stickers",
    words: /stickers?|magnets?|decals?|tattoo|bookmark|confetti|sequin|gems?\b/i,
    place: "lies",
    draw: (i) =>
      `${box(84, 62, 232, 280, 14, "#fffaf2")}${path("M146 160c-46-32-36-62-14-62 8 0 12 6 14 12 2-6 6-12 14-12 22 0 32 30-14 62Z", i.base)}${disc(248, 124, 36, i.accent)}${path("M140 202l10 22 24 2-18 16 6 24-22-13-22 13 6-24-18-16 24-2Z", "#e9b949")}${disc(248, 230, 38, i.fill)}${oval(146, 304, 38, 16, i.dark)}${path("M248 320c-30-20-22-40-8-40 4 0 7 3 8 7 1-4 4-7 8-7 14 0 22 20-8 40Z", i.base)}`,
  },
  {
    name: "keyring",
    words: /key ?rings?|key fob|\bkeys?\b|phone charm|luggage tag/i,
    place: "lies",
    draw: (i) =>
      `<circle cx="200" cy="112" r="48" fill="none" stroke="#b9a06a" stroke-width="11"/>${line("M200 160v32", "#b9a06a", 8)}${path("M200 346C112 282 96 236 110 200c16-36 70-36 90 4 20-40 74-40 90-4 14 36-2 82-90 146Z", i.fill)}${shine("M122 226c0-22 16-36 36-34-20 14-24 36-20 62-10-8-16-18-16-28Z")}`,
  },
  {
    name: "playing-cards",
    words: /playing cards|jigsaw|puzzle|game|dominoes|snap|dice|cards deck|bingo/i,
    place: "lies",
    motif: [222, 208, 92],
    draw: (i) =>
      `<g transform="rotate(-16 180 220)">${box(92, 92, 160, 224, 16, i.dark)}</g><g transform="rotate(-3 180 220)">${box(108, 90, 160, 224, 16, i.accent)}</g><g transform="rotate(9 220 210)">${box(140, 92, 164, 230, 16, "#fffaf2")}${box(152, 104, 140, 206, 9, i.fill)}${disc(222, 207, 58, "#fffaf2ee")}</g>`,
  },
  {
    name: "doll",
    words: /\bdoll\b|rag ?doll|matryoshka|nesting dolls/i,
    loosely: /dolly|babushka|fairy|angel|girl\b|boudicca|nancy/i,
    place: "stands",
    shadow: 70,
    motif: [200, 262, 62],
    draw: (i) =>
      `${path("M200 56c48 0 70 36 66 76-2 22 34 48 34 104 0 52-30 86-100 86s-100-34-100-86c0-56 36-82 34-104-4-40 18-76 66-76Z", i.fill)}${oval(200, 128, 44, 46, "#f8ddc8")}${path("M156 124c2-34 20-46 44-46s42 12 44 46c-14-22-30-26-44-26s-30 4-44 26Z", "#7a4a35")}${disc(184, 130, 4, "#3d3b42")}${disc(216, 130, 4, "#3d3b42")}${disc(174, 144, 8, "#e9a0a0")}${disc(226, 144, 8, "#e9a0a0")}${line("M192 152c6 5 10 5 16 0", "#b5423f", 4)}${oval(200, 262, 54, 48, "#fffaf2dd")}`,
  },
  {
    name: "toy",
    words: /\btoys?\b|teddy|puppet/i,
    loosely:
      /\bbear\b|rabbit|bunn(?:y|ies)|monkey|elephant|\bdogs?\b|\bcats?\b|animal|inflatable|dinosaur|\bmice\b|\bowl\b/i,
    place: "stands",
    shadow: 86,
    draw: (i) =>
      `${disc(134, 98, 36, i.dark)}${disc(266, 98, 36, i.dark)}${disc(134, 98, 20, i.accent)}${disc(266, 98, 20, i.accent)}${oval(200, 270, 88, 62, i.fill)}${disc(200, 154, 92, i.fill)}${oval(200, 180, 46, 36, i.light)}${oval(200, 164, 15, 11, "#4b3a31")}${line("M200 176v12c-10 12-20 8-22 0M200 188c10 12 20 8 22 0", "#4b3a31", 5)}${disc(164, 134, 9, "#3d3b42")}${disc(236, 134, 9, "#3d3b42")}${disc(161, 131, 3, "#fff")}${disc(233, 131, 3, "#fff")}${oval(132, 310, 34, 22, i.dark)}${oval(268, 310, 34, 22, i.dark)}`,
  },
  {
    name: "balloon",
    words: /balloons?|whistle|pinata/i,
    loosely: /party|birthday/i,
    place: "hangs",
    draw: (i) =>
      `${line("M140 210c20 80 40 110 56 190M262 200c-16 80-50 120-62 200M206 160c-10 100 4 160-6 240", "#9b7a55", 3)}${oval(138, 140, 62, 76, i.accent)}${oval(264, 132, 62, 76, i.dark)}${oval(202, 118, 66, 82, i.fill)}${shine("M158 108c2-26 16-42 32-46-12 22-16 42-14 70-12-2-18-10-18-24Z")}`,
  },
  {
    name: "soap",
    words: /soap|sponge|tissues?|plasters|perfume/i,
    loosely: /bath|\bnail|\blip\b|beauty/i,
    place: "stands",
    shadow: 116,
    motif: [200, 250, 80],
    draw: (i) =>
      `${path("M160 172c0-60 20-80 44-96-8 26 40 20 34 96Z", "#ffffffd9")}${box(84, 166, 232, 156, 18, i.fill)}${oval(200, 172, 70, 13, i.dark)}${shine("M98 182h18v124c-10 0-18-6-18-14Z")}`,
  },
  {
    name: "basket",
    words: /basket|hamper|trug/i,
    loosely: /wicker/i,
    place: "stands",
    shadow: 110,
    draw: (i) =>
      `${line("M104 206c0-150 192-150 192 0", i.dark, 14)}${path("M78 200h244l-30 106c-3 10-10 16-20 16H128c-10 0-17-6-20-16Z", i.fill)}${[222, 250, 278, 304].map((y, n) => line(`M${84 + n * 8} ${y}h${232 - n * 16}`, i.dark, 4)).join("")}${[120, 160, 200, 240, 280].map((x) => line(`M${x} 204l${(200 - x) * 0.14} 112`, i.light, 4)).join("")}${box(66, 186, 268, 26, 13, i.accent)}`,
  },
  {
    name: "drawers",
    words: /drawers?|cabinet|chest|trinket|cupboard|wardrobe|shelf|stool|chair|\btable$/i,
    place: "stands",
    shadow: 110,
    draw: (i) =>
      `${path("M104 314h20l-6 14h-16ZM276 314h20l2 14h-16Z", "#6d4c34")}${box(84, 92, 232, 226, 12, i.dark)}${[106, 176, 246].map((y) => `${box(100, y, 92, 58, 8, i.fill)}${box(208, y, 92, 58, 8, i.fill)}${disc(146, y + 29, 9, i.accent)}${disc(254, y + 29, 9, i.accent)}`).join("")}`,
  },
  {
    name: "tin",
    words: /\btins?\b|caddy|money ?(?:box|bank)|bread bin|\bbin\b|tidy|bank\b/i,
    place: "stands",
    shadow: 96,
    motif: [200, 240, 84],
    draw: (i) =>
      `${path("M102 136h196v164c0 14-44 24-98 24s-98-10-98-24Z", i.fill)}${path("M94 112h212v32c0 12-48 22-106 22S94 156 94 144Z", i.dark)}${oval(200, 112, 106, 22, i.light)}${oval(200, 110, 26, 6, i.dark)}${shine("M114 172c6 4 12 6 20 8v124c-12-2-20-4-20-8Z")}`,
  },
  {
    name: "gift-box",
    words: /\bbox(?:es)?\b|present\b/i,
    loosely: /gift|\bkit\b|\bset\b|craft/i,
    place: "stands",
    shadow: 110,
    draw: (i) =>
      `${box(92, 172, 216, 150, 8, i.fill)}${box(78, 136, 244, 50, 8, i.dark)}${box(180, 136, 40, 186, 0, i.accent)}${path("M200 136c-60-74-116-32-90-4 24 20 66 18 90 4Zm0 0c60-74 116-32 90-4-24 20-66 18-90 4Z", i.accent)}${disc(200, 130, 15, i.light)}`,
  },
];
