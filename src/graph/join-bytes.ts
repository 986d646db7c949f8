import { heldBytes } from './held-bytes.ts';
import { noBytes } from './no-bytes.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** Bytes one after the other. Those in memory that stand side by side become one piece. */
export function joinBytes(parts: readonly StoredBytes[]): StoredBytes {
  const joined: StoredBytes[] = [];
  let run: Uint8Array[] = [];
  const endRun = () => {
    if (run.length > 0) joined.push(heldBytes(run.length === 1 ? (run[0] as Uint8Array) : Buffer.concat(run)));
    run = [];
  };
  for (const part of parts) {
    if (part.length === 0) continue;
    if (part.held) run.push(part.held);
    else {
      endRun();
      joined.push(part);
    }
  }
  endRun();
  if (joined.length <= 1) return joined[0] ?? noBytes;
  return {
    length: joined.reduce((sum, { length }) => sum + length, 0),
    async *pieces() {
      for (const part of joined) yield* part.pieces();
    },
  };
}
