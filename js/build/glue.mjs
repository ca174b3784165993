// The glue that is bundled: wasm-bindgen's imports with less around them. It writes a method for each export, each
// with its own copy of how texts and bytes pass; here one function does that for all. Every start makes an instance of as
// many of the module's files as it is given, and answers with a class whose modules live in that instance.

/** Everything that is not an import, under the names that wasm-bindgen's imports call. */
const AROUND = `
let wasm, WASM_VECTOR_LEN;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const memory = () => new Uint8Array(wasm.memory.buffer);
const pass = (bytes) => {
  const at = wasm.__wbindgen_malloc((WASM_VECTOR_LEN = bytes.length), 1) >>> 0;
  memory().set(bytes, at);
  return at;
};
const passStringToWasm0 = (text) => pass(encoder.encode(text));
const getStringFromWasm0 = (at, length) => decoder.decode(memory().subarray((at >>>= 0), at + length));
const getDataViewMemory0 = () => new DataView(wasm.memory.buffer);
const isLikeNone = (value) => value == null;
const addToExternrefTable0 = (value) => {
  const index = wasm.__externref_table_alloc();
  wasm.__wbindgen_externrefs.set(index, value);
  return index;
};
const handleError = (call, parameters) => {
  try {
    return call(...parameters);
  } catch (error) {
    wasm.__wbindgen_exn_store(addToExternrefTable0(error));
  }
};
const parameter = (value) =>
  typeof value == "number" ? value : [typeof value == "string" ? passStringToWasm0(value) : pass(value), WASM_VECTOR_LEN];
const compiled = [];
export default async (...files) => {
  const compile = async (bytes, at) => (compiled[at] ??= await WebAssembly.compile(await bytes()));
  const own = {};
  const given = { ...imports };
  for (const [at, file] of (await Promise.all(files.map(compile))).entries())
    Object.assign(own, (given["fp"[at]] = (await WebAssembly.instantiate(file, given)).exports));
  wasm = own;
  wasm.__wbindgen_start();
  return class {
    constructor(shop) {
      wasm = own;
      const self = own.module_new(...parameter(shop));
      for (const name in own)
        if (name.startsWith("module_"))
          this[name.slice(7)] = (...values) => {
            wasm = own;
            const answer = own[name](self, ...values.flatMap(parameter));
            if (typeof answer != "object") return answer >>> 0;
            const text = getStringFromWasm0(...answer);
            own.__wbindgen_free(...answer, 1);
            return text;
          };
    }
  };
};
`;

/**
 * Wasm-bindgen's glue with what it has around its imports replaced. Throws where that glue, of another version or
 * with an export of another shape, is not what this file was written for.
 */
export function slim(glue) {
  const [, imports] = /const import0 = (\{[\s\S]*?\n {4}\});\n {4}return \{/.exec(glue) ?? [];
  if (!imports) throw new Error("the glue has no object of imports");
  for (const [, type] of glue.matchAll(/^ {5}\* @(?:param|returns) \{(.*)\}/gm))
    if (!/^(string|number|Uint8Array \| number\[\])$/.test(type))
      throw new Error(`js/build/glue.mjs passes texts, bytes and numbers: ${type} is none`);
  const known = new Set([...AROUND.matchAll(/\b(?:const|let) (\w+)|, (\w+)(?=[,;])/g)].flat());
  for (const [, called] of imports.matchAll(/(?<![\w.])(\w+0|isLikeNone|handleError)\(/g))
    if (!known.has(called)) throw new Error(`js/build/glue.mjs has no ${called}`);
  const module = /"?([\w./]+)"?: import0/.exec(glue)?.[1];
  return `const imports = { ${JSON.stringify(module)}: ${imports} };${AROUND}`;
}
