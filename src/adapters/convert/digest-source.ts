import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { digestFile } from '../digest-file.ts';
import { digestPieces } from '../digest-pieces.ts';

/**
 * SHA-256 of a file; of a folder, that of a line `<digest>  <path>` for each of its files, as sha256sum writes them, by
 * their paths.
 */
export async function digestSource(path: string): Promise<string> {
  if ((await stat(path)).isFile()) return (await digestFile(path)).checksum;
  const entries = (await readdir(path, { recursive: true })).map((entry) => entry.split(sep).join('/')).sort();
  const lines: Buffer[] = [];
  for (const entry of entries) {
    const file = join(path, entry);
    if ((await stat(file)).isFile()) lines.push(Buffer.from(`${(await digestFile(file)).checksum}  ${entry}\n`));
  }
  return (await digestPieces(each(lines))).checksum;
}

async function* each(pieces: readonly Buffer[]): AsyncIterable<Uint8Array> {
  yield* pieces;
}
