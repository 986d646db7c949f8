import type { FileHandle } from 'node:fs/promises';
import type { DigestAlgorithm } from './expected-digest.ts';
import { openDigest } from './open-digest.ts';

const pieceBytes = 1024 * 1024;

/** The digest of a file in base64; with `partBytes`, the digest of the digests of its parts of that length. */
export async function digestFile(
  file: FileHandle,
  algorithm: DigestAlgorithm,
  bytes: number,
  partBytes?: number,
): Promise<string> {
  if (partBytes === undefined) return Buffer.from(await digestPart(file, algorithm, 0, bytes)).toString('base64');
  const whole = await openDigest(algorithm);
  for (let start = 0; start < bytes; start += partBytes) {
    whole.update(await digestPart(file, algorithm, start, Math.min(bytes, start + partBytes)));
  }
  return Buffer.from(await whole.digest()).toString('base64');
}

async function digestPart(file: FileHandle, algorithm: DigestAlgorithm, start: number, end: number) {
  const digest = await openDigest(algorithm);
  const piece = Buffer.allocUnsafe(Math.min(pieceBytes, end - start));
  for (let position = start; position < end; ) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, end - position), position);
    if (bytesRead === 0) break;
    digest.update(piece.subarray(0, bytesRead));
    position += bytesRead;
  }
  return digest.digest();
}
