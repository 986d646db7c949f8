import { createHash } from 'node:crypto';

/** Length and SHA-256, in hexadecimal, of bytes that come in pieces. */
export async function digestPieces(body: AsyncIterable<Uint8Array>): Promise<{ bytes: number; checksum: string }> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const piece of body) {
    digest.update(piece);
    bytes += piece.length;
  }
  return { bytes, checksum: digest.digest('hex') };
}
