import type { RandomAccess } from '../ports/random-access.ts';
import type { StoredBytes } from './stored-bytes.ts';

const pieceBytes = 8 * 1024 * 1024;

/** Bytes of a file that stay where they are until they are asked for. */
export function rangeBytes(source: RandomAccess, offset: number, length: number): StoredBytes {
  return {
    length,
    async *pieces() {
      const read = (at: number) => source.read(offset + at, Math.min(pieceBytes, length - at));
      let reading = length > 0 ? read(0) : undefined;
      for (let next = pieceBytes; reading; next += pieceBytes) {
        const piece = await reading;
        // While the one before is worked on.
        reading = next < length ? read(next) : undefined;
        // Whoever stops in between does not hear of it.
        reading?.catch(() => undefined);
        yield piece;
      }
    },
  };
}
