import { describe, expect, it } from "vitest";
// @ts-expect-error: a build script without types
import { slim } from "../build/glue.mjs";

/** Glue of the shape that wasm-bindgen writes, with an import's body and an export's types. */
const glue = (body: string, type = "string") => `
    /**
     * @param {${type}} shop
     */
function __wbg_get_imports() {
    const import0 = {
        a: function(arg0) {
            ${body}
        },
    };
    return {
        __proto__: null,
        m: import0,
    };
}`;

describe("the bundled glue", () => {
  it("keeps the imports and how they are called", () => {
    const text = slim(glue("return getStringFromWasm0(arg0, 1);"));
    expect(text).toContain("getStringFromWasm0(arg0, 1)");
    expect(text).toMatch(/^const imports = \{ "m": \{/);
  });

  it("is refused where an export passes what it does not know, or an import calls it", () => {
    expect(() => slim(glue("", "string | undefined"))).toThrow("string | undefined");
    expect(() => slim(glue("takeFromExternrefTable0(arg0);"))).toThrow("takeFromExternrefTable0");
    expect(() => slim("")).toThrow("imports");
  });
});
