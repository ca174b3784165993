/** Every code that the page side reports, with its text; `docs/errors.md` has a section for each. */
export const ERRORS = {
  R100: "WebAssembly is refused here; add 'wasm-unsafe-eval' to script-src",
  R101: "the module or a part of the script could not be loaded",
  R102: "the module stopped; the page is the shop's own again",
  R103: "the module stopped twice with this pack version and stays off for it",
  R104: "a part of the page side failed; the rest goes on",
  R105: "what was stored for this page view is damaged and was passed over",
  R110: "an option is missing or wrong",
  R200: "the pack could not be fetched",
  R201: "the pack's signature is wrong",
  R202: "the pack is signed with another key",
  R203: "a file of the pack has another hash than signed",
  R204: "a file of the pack has another length than signed, or is too long",
  R205: "the pack belongs to another shop",
  R206: "the pack is expired",
  R207: "the pack is older than one already seen",
  R208: "the pack needs a newer shelfwise",
  R209: "the pack has a file that cannot be read",
  R210: "no way to check signatures",
  R300: "a slot was left as it is: it holds form controls",
  R301: "a listener of this page threw",
  R302: "a block came out empty; its slot was left as it is",
  R303: "the page has no <template> of this id; its slot was left as it is",
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal with its code. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail = "",
  ) {
    super(`Shelfwise ${code}: ${ERRORS[code]}${detail && ` (${detail})`}`);
  }
}

/** The refusal in anything thrown; `code` is for what is not one already. */
export const refusal = (error: unknown, code: ErrorCode): Refusal =>
  error instanceof Refusal ? error : new Refusal(code, String((error as Error)?.message ?? error));
