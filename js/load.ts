import { Refusal } from "./errors.js";

/** A page that is being left aborts what it fetches, and is gone by then: nobody needs to hear of that failure. */
const LEAVING_MS = 300;

/** The way to a file of a module, which must have the hash that was known when this file was built. */
export const moduleFile = (url: string | URL, integrity: string) => async (): Promise<ArrayBuffer> => {
  try {
    const response = await fetch(url, { integrity, credentials: "omit", referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Refusal("R101", `${response.status} ${url}`);
    return await response.arrayBuffer();
  } catch (error) {
    await new Promise((gone) => setTimeout(gone, LEAVING_MS));
    throw error;
  }
};
