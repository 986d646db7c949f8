import type { StoredBytes } from './stored-bytes.ts';

/** All of the bytes, in memory; not to be changed. Rejects where they cannot be read. */
export async function collectBytes(stored: StoredBytes): Promise<Uint8Array> {
  if (stored.held) return stored.held;
  const bytes = new Uint8Array(stored.length);
  let at = 0;
  for await (const piece of stored.pieces()) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
