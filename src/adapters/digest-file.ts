import { createReadStream } from 'node:fs';
import { digestPieces } from './digest-pieces.ts';

/** Size in bytes and SHA-256, in hex, of a file. Rejects where it cannot be read. */
export function digestFile(path: string): Promise<{ bytes: number; checksum: string }> {
  return digestPieces(createReadStream(path));
}
