// What the bundler fills in.
declare const WASM_INTEGRITY: string;
declare const PRODUCTS_INTEGRITY: string;
declare const REST_INTEGRITY: string;
declare const INSPECT_INTEGRITY: string;
declare const WASM_BASE64: string;
/** Whether the boot snippet fills templates of the page. */
declare const TEMPLATES: boolean;

declare module "#glue" {
  /** Makes an instance of the module's first file, or of the first two, or of the whole. */
  export default function start(
    ...files: (() => Promise<ArrayBuffer | Uint8Array<ArrayBuffer>>)[]
  ): Promise<import("../module.js").ModuleClass>;
}

declare module "#inspect-glue" {
  export default function start(options: {
    module_or_path: Promise<ArrayBuffer> | ArrayBuffer | Uint8Array;
  }): Promise<unknown>;
  export const Module: import("../module.js").ModuleClass<import("../module.js").InspectModule>;
}
