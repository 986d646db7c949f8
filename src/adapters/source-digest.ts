import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { digestPieces } from './digest-pieces.ts';
import { readOnnx } from './onnx-files/read-onnx.ts';

/** SHA-256 of an ONNX file, and of the external data that it names after it. */
export async function sourceDigest(path: string): Promise<string> {
  const { externalData } = await readOnnx(path);
  const files = [path, ...externalData.map((location) => resolve(dirname(path), location))];
  const { checksum } = await digestPieces(contents(files));
  return checksum;
}

async function* contents(files: readonly string[]): AsyncIterable<Uint8Array> {
  for (const file of files) yield* createReadStream(file);
}
