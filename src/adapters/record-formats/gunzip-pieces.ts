import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ServiceError } from '../../protocol/service-error.ts';

const pieceBytes = 256 * 1024;

/** What gzip holds, in pieces. Rejects with ServiceError 400 where it is broken, 413 past `maxBytes`. */
export async function* gunzipPieces(
  key: string,
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  const source = Readable.from(pieces, { objectMode: false });
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  source.once('error', (error) => gunzip.destroy(error));
  let bytes = 0;
  try {
    for await (const piece of source.pipe(gunzip)) {
      bytes += (piece as Uint8Array).length;
      if (bytes > maxBytes) {
        throw new ServiceError(
          413,
          `'${key}': decompressed it is more than ${maxBytes} bytes, the most that a .gz file may hold; upload it as it is, or in parts`,
        );
      }
      yield piece as Uint8Array;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') throw refused(key, 'ends too early', error);
    if (code?.startsWith('Z_')) throw refused(key, 'is broken, or no gzip', error);
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function refused(key: string, what: string, cause: unknown): ServiceError {
  return new ServiceError(400, `'${key}' ${what}: compress and upload it again`, { cause });
}
