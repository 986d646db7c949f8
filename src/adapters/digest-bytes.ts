import { createHash } from 'node:crypto';

/** SHA-256 of pieces, one after the other, in base64. */
export function digestBytes(pieces: readonly Uint8Array[]): string {
  const digest = createHash('sha256');
  for (const piece of pieces) digest.update(piece);
  return digest.digest('base64');
}
