/** Stands in for wasm-bindgen's glue in unit tests, which never start a module. */
export default (): Promise<never> => Promise.reject(new Error("no module in unit tests"));
export class Module {}
