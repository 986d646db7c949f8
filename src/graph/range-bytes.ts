import type { RandomAccess } from '../ports/random-access.ts';
import type { StoredBytes } from './stored-bytes.ts';

const pieceBytes = 1024 * 1024;

/** Bytes of a file that stay where they are until they are asked for. */
export function rangeBytes(source: RandomAccess, offset: number, length: number): StoredBytes {
  return {
    length,
    async *pieces() {
      for (let at = 0; at < length; at += pieceBytes)
        yield await source.read(offset + at, Math.min(pieceBytes, length - at));
    },
  };
}
