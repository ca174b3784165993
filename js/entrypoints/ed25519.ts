/** Checks signatures in browsers whose WebCrypto has no Ed25519; loaded only there. */
import { verifyAsync } from "@noble/ed25519";

/** Whether an Ed25519 signature is good. */
export const verify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array): Promise<boolean> =>
  verifyAsync(signature, message, key);
