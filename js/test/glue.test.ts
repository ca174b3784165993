import binaryen from "binaryen";
import { describe, expect, it, vi } from "vitest";
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

/** A module as text, in bytes. */
const wasm = (text: string) => async () => binaryen.parseText(text).emitBinary() as Uint8Array<ArrayBuffer>;

/** A first file: what it is told adds up, and `decide` is what the second makes of that. */
const FIRST = `(module
  (memory (export "memory") 1)
  (global $sum (export "sum") (mut i32) (i32.const 0))
  (table $gates (export "gates") 1 1 funcref)
  (type $gate (func (result i32)))
  (func (export "__wbindgen_start"))
  (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const 8))
  (func (export "module_new") (param i32 i32) (result i32) (i32.const 1))
  (func (export "module_note") (param i32 i32)
    (global.set $sum (i32.add (global.get $sum) (local.get 1))))
  (func (export "module_wants") (param i32) (result i32) (global.get $sum))
  (func (export "module_decide") (param i32) (result i32) (call_indirect (type $gate) (i32.const 0))))`;
const SECOND = `(module
  (import "f" "gates" (table $gates 1 1 funcref))
  (import "f" "sum" (global $sum (mut i32)))
  (elem (table $gates) (i32.const 0) func $twice)
  (func $twice (result i32) (i32.mul (i32.const 2) (global.get $sum)))
  (func (export "module_load") (param i32) (result i32) (i32.const 9)))`;

const LAST = `(module
  (import "f" "sum" (global $sum (mut i32)))
  (import "p" "module_load" (func $load (param i32) (result i32)))
  (func (export "module_tick") (param i32) (result i32)
    (i32.add (global.get $sum) (call $load (i32.const 0)))))`;

describe("starting", () => {
  it("makes an instance each time, of as many files as there are, and gets each file once", async () => {
    const { default: start } = await import(
      `data:text/javascript,${encodeURIComponent(slim(glue("return 1;")))}`
    );
    const [first, second, last] = [vi.fn(wasm(FIRST)), vi.fn(wasm(SECOND)), vi.fn(wasm(LAST))];
    const one = new (await start(first))("shop");
    one.note(20);
    expect(() => one.decide()).toThrow(WebAssembly.RuntimeError);
    expect("load" in one).toBe(false);

    const two = new (await start(first, second))("shop");
    two.note(1);
    expect([two.decide(), two.load(), one.wants(), two.wants()]).toEqual([2, 9, 20, 1]);
    expect("tick" in two).toBe(false);

    const whole = new (await start(first, second, last))("shop");
    whole.note(5);
    expect([whole.decide(), whole.tick(), two.wants()]).toEqual([10, 14, 1]);
    expect([first, second, last].map((file) => file.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it("gets a file again that could not be had", async () => {
    const { default: start } = await import(
      `data:text/javascript,${encodeURIComponent(slim(glue("return 2;")))}`
    );
    await expect(start(() => Promise.reject(new Error("404")))).rejects.toThrow("404");
    expect(new (await start(wasm(FIRST)))("shop").wants()).toBe(0);
  });
});
