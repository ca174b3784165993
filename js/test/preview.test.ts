import { describe, expect, test } from "vitest";
import { previews } from "../page/preview.js";

describe("preview links", () => {
  test.each([
    ["", ""],
    ["?utm_source=mail", ""],
    ["?shelf_preview=garden:spring", "garden\tspring"],
    ["?a=1&shelf_preview=garden%3Aspring&shelf_preview=bar:a", "garden\tspring\nbar\ta"],
    ["?shelf_preview=garden", ""],
    ["?shelf_preview=a:b:c", ""],
    ["?shelf_preview=a%09b:c%0Ad", ""],
  ])("%s", (search, lines) => {
    expect(previews(search)).toBe(lines);
  });
});
