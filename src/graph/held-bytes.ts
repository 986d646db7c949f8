import type { StoredBytes } from './stored-bytes.ts';

/** Bytes in memory. */
export function heldBytes(held: Uint8Array): StoredBytes {
  return {
    length: held.length,
    held,
    async *pieces() {
      if (held.length > 0) yield held;
    },
  };
}
