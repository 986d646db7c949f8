import type { RandomAccess } from '../../src/ports/random-access.ts';

/** Bytes in memory as a file. */
export function bytesAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: async (offset, length) => {
      if (offset + length > bytes.length) throw new Error(`${length} bytes at ${offset} of ${bytes.length}`);
      return bytes.slice(offset, offset + length);
    },
  };
}
