import { createReadStream } from 'node:fs';
import { createGzip } from 'node:zlib';

/** Size of a file as gzip would have it. */
export async function gzippedBytes(path: string): Promise<number> {
  let bytes = 0;
  for await (const piece of createReadStream(path).pipe(createGzip())) bytes += (piece as Buffer).length;
  return bytes;
}
