import type { Slots } from '../../core/slots.ts';
import { allOrNone } from './all-or-none.ts';
import { ChangedError } from './changed-error.ts';
import { combineCrc32 } from './combine-crc32.ts';
import { downloadRange } from './download-range.ts';
import { fileSink } from './file-sink.ts';
import type { OpenFile } from './open-file.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { splitRanges } from './split-ranges.ts';
import type { StoredObject } from './stored-object.ts';
import { verifyObject } from './verify-object.ts';

export interface DownloadOptions {
  /** Bounds the requests in flight, of all downloads together. */
  readonly slots: Slots;
  readonly openFile: OpenFile;
  /** Ends the download, and is ended by its failure. */
  readonly abort: AbortController;
}

// Ranges of one object; the other slots are for small ones beside it, for which a range would have to wait a whole
// round.
const shareOfOne = 3 / 4;

/**
 * Writes an object to a new file by ranged GETs side by side, and checks it; its CRC32 comes back.
 *
 * The file has its full length from the start, so ranges land in any order. Whatever goes wrong, the promise rejects
 * once nothing writes any more.
 */
export async function downloadObject(
  client: S3Client,
  object: StoredObject,
  path: string,
  { slots, openFile, abort }: DownloadOptions,
): Promise<number> {
  const file = await openFile(path);
  try {
    await file.truncate(object.bytes);
    const sink = fileSink(file);
    const headers = readHeaders(client, object, abort.signal);
    const landing = splitRanges(object.bytes, Math.ceil(slots.count * shareOfOne)).map(async (range) => {
      const checksum = await slots.run(() => downloadRange(client, object, range, sink, abort.signal));
      return { checksum, bytes: range.end - range.start };
    });
    await allOrNone<unknown>(abort, [headers, ...landing]);
    const pieces = await Promise.all(landing);
    const checksum = pieces.reduce((sum, piece) => combineCrc32(sum, piece.checksum, piece.bytes), 0);
    await verifyObject(client, object, await headers, file, checksum);
    return checksum;
  } finally {
    await file.close();
  }
}

async function readHeaders(client: S3Client, { key, etag }: StoredObject, signal: AbortSignal) {
  const headers = { 'x-amz-checksum-mode': 'ENABLED', 'if-match': etag };
  try {
    return (await client.ask({ method: 'HEAD', key, headers, signal })).headers;
  } catch (error) {
    const isGone = error instanceof S3Error && [404, 412].includes(error.status);
    throw isGone ? new ChangedError(`'${key}' changed while it was read`, { cause: error }) : error;
  }
}
