import { heldBytes } from './held-bytes.ts';

/** No bytes at all: what a message has beyond what is known, mostly. */
export const noBytes = heldBytes(new Uint8Array());
