import { describe, expect, it } from "vitest";
import { badge, icon, motif, pattern } from "../src/art/motif.js";
import { colourWords, hash, lightness, palette, shade } from "../src/art/palette.js";
import { picture, silhouette } from "../src/art/picture.js";

describe("palette", () => {
  it("takes the first colour word for the product and the second for the trim", () => {
    const colours = palette("Red Mug with Blue Handle");
    expect([colours.base, colours.accent]).toEqual(["#c8473f", "#6791bd"]);
    expect(palette("Blue Mug with Red Handle").base).toBe("#6791bd");
  });

  it("does not see colours inside other words", () => {
    expect(colourWords("Embroidered Goldfish")).toEqual([]);
  });

  it("gives a name without a colour always the same one", () => {
    expect(palette("Popcorn Holder")).toEqual(palette("Popcorn Holder"));
    expect(hash("a")).toBe(0xe40c292c);
  });

  it("puts pale products on darker paper", () => {
    expect(lightness(palette("White Plate").paper)).toBeLessThan(lightness(palette("White Plate").base));
  });

  it("shades towards black and white", () => {
    expect([shade("#808080", -1), shade("#808080", 1), shade("#123456", 0)]).toEqual([
      "#000000",
      "#ffffff",
      "#123456",
    ]);
  });
});

describe("silhouette", () => {
  it.each([
    ["Jumbo Bag Red Retrospot", "bag"],
    ["Jumbo Bag Woodland Animals", "bag"],
    ["White Hanging Heart T-Light Holder", "t-light"],
    ["Regency Cakestand 3 Tier", "cake-stand"],
    ["Strawberry Ceramic Trinket Box", "gift-box"],
    ["Lunch Box with Cutlery Retrospot", "gift-box"],
    ["Alarm Clock Bakelike Green", "clock"],
    ["Chocolate Hot Water Bottle", "hot-water-bottle"],
    ["Set of 3 Cake Tins Pantry Design", "tin"],
    ["Roses Regency Teacup and Saucer", "teacup"],
    ["Small White Heart of Wicker", "hanging-heart"],
  ])("%s is drawn as %s", (name, shape) => {
    expect(silhouette(name)?.name).toBe(shape);
  });

  it("has none for what it does not know", () => {
    expect(silhouette("Popcorn Holder")).toBeUndefined();
  });
});

describe("motif and pattern", () => {
  it("prints what the name speaks of", () => {
    expect([motif("Mug Scottie Dog"), motif("Butterfly Mug"), motif("Plain Mug")]).toEqual([
      "dog",
      "butterfly",
      undefined,
    ]);
    expect([pattern("Red Retrospot Mug"), pattern("Union Jack Bag"), pattern("Ivory Mug")]).toEqual([
      "dots",
      "flag",
      "plain",
    ]);
  });

  it("finds every icon in the icon set or among its own", () => {
    expect(icon("heart")).toMatch(/^<path/);
    expect(icon("butterfly")).toMatch(/^<path/);
    expect(() => icon("no-such-icon")).toThrow();
  });

  it.each([
    ["Set of 3 Cake Tins", "set of 3"],
    ["Pack of 72 Cake Cases", "pack of 72"],
    ["Box of 24 Parasols", "box of 24"],
    ["Set of Four Bowls", "set of 4"],
    ["Jumbo Bag", undefined],
  ])("%s wears the badge %s", (name, text) => {
    expect(badge(name)).toBe(text);
  });
});

describe("picture", () => {
  it("is the same bytes for the same name, and small", () => {
    const svg = picture("Red Retrospot Mug");
    expect(svg).toBe(picture("Red Retrospot Mug"));
    expect(svg.length).toBeLessThan(6000);
    expect(svg).toContain("url(#f)");
  });

  it("never lets a name into the markup", () => {
    expect(picture('<script>"&')).not.toMatch(/<script|"&/);
  });
});
