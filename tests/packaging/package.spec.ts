import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = (command: string, ...parameters: string[]) =>
  execFileSync(process.execPath, [`node_modules/${command}`, ...parameters], { cwd: root, encoding: "utf8" });

describe("the npm package", () => {
  it("is one that publint finds nothing wrong with", () => {
    expect(run("publint/src/cli.js", ".", "--strict")).toContain("All good!");
  });

  it("has types wherever a module is imported", () => {
    // The files for script tags are text to browsers and have no types.
    const excluded = ["--exclude-entrypoints", "shelfwise.js", "boot.js"];
    run("@arethetypeswrong/cli/dist/index.js", "--pack", ".", "--profile", "esm-only", ...excluded);
  });

  it("can be imported where there is no window", () => {
    const script = `
      const { createShelfwise } = await import("./dist/index.js");
      const { boot } = await import("./dist/boot-text.js");
      console.log(typeof createShelfwise, boot.length);`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: root, encoding: "utf8" });
    expect(said).toMatch(/^function \d+\n$/);
  });

  it("has a boot snippet that can stand inside a script element", () => {
    const boot = readFileSync(`${root}dist/boot.js`, "utf8");
    expect(boot).not.toMatch(/<\/script|<!--|\n/i);
  });
});
