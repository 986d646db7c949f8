import { crc32 } from 'node:zlib';
import type { AnswerHead } from './answer-head.ts';
import type { ByteRange } from './byte-range.ts';
import { ChangedError } from './changed-error.ts';
import type { ObjectVersion } from './object-version.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { StoredObject } from './stored-object.ts';

// A connection that brought this much before it was cut was worth its try.
const progressBytes = 256 * 1024;

/** Where a range lands: a file, or memory. */
interface Sink {
  /** The piece's memory is reused once the promise is settled. */
  write(piece: Buffer, position: number): Promise<void>;
}

/**
 * Writes a range of an object to the same place in `sink`; its CRC32 comes back.
 *
 * Only the version of the object that was told of is taken, or what has its ETag (If-Match). After a cut, what is
 * missing is asked for, not what has landed. Rejects with ChangedError, with an S3Error after too many tries in vain,
 * or with what the disk said.
 */
export async function downloadRange(
  client: S3Client,
  object: StoredObject | ObjectVersion,
  range: ByteRange,
  sink: Sink,
  signal: AbortSignal,
): Promise<number> {
  let position = range.start;
  let checksum = 0;
  let failures = 0;
  const land = async (piece: Buffer) => {
    checksum = crc32(piece, checksum);
    await sink.write(piece, position);
    position += piece.length;
  };
  while (position < range.end) {
    const asked = { start: position, end: range.end };
    const begin = (head: AnswerHead) => within(asked, checkHead(object, asked, head), land);
    const failure = await client
      .stream(rangeRequest(object, asked, signal), begin)
      .catch((error) => passing(object, error));
    if (position === range.end) break;
    failures = position - asked.start >= progressBytes ? 1 : failures + 1;
    if (failures >= client.retries.attempts)
      throw failure ?? new S3Error(0, 'Short', 'S3 sent less than was asked for');
    await pauseBeforeRetry(failures, client.retries, signal);
  }
  return checksum;
}

function rangeRequest(object: StoredObject | ObjectVersion, { start, end }: ByteRange, signal: AbortSignal): S3Request {
  const { key } = object;
  const range = `bytes=${start}-${end - 1}`;
  return 'versionId' in object
    ? { method: 'GET', key, query: { versionId: object.versionId }, headers: { range }, signal }
    : { method: 'GET', key, headers: { range, 'if-match': object.etag }, signal };
}

/**
 * Bytes of the answer's body before the range. Throws a ChangedError for an answer that is of another object, or of
 * other bytes of it.
 */
function checkHead(object: StoredObject | ObjectVersion, { start, end }: ByteRange, { status, headers }: AnswerHead) {
  const { key, bytes } = object;
  const [mark, expected] = 'versionId' in object ? ['x-amz-version-id', object.versionId] : ['etag', object.etag];
  // A server may leave Range aside, and send all there is.
  const isWhole = status === 200 && headers['content-length'] === String(bytes);
  const given = isWhole ? `bytes ${start}-${end - 1}/${bytes}` : headers['content-range'];
  if (headers[mark] === expected && given === `bytes ${start}-${end - 1}/${bytes}`) return isWhole ? start : 0;
  // Not every server heeds If-Match; none may pass off another object's bytes as these.
  throw new ChangedError(
    `'${key}': expected bytes ${start}-${end - 1} of ${bytes} of ${expected}, got ${given} of ${headers[mark]}`,
  );
}

/** Lands what is of the range: not the first `skip` bytes of a body, nor what is beyond. */
function within({ start, end }: ByteRange, skip: number, land: (piece: Buffer) => Promise<void>) {
  let before = skip;
  let missing = end - start;
  return async (piece: Buffer) => {
    const wanted = piece.subarray(Math.min(before, piece.length)).subarray(0, missing);
    before = Math.max(0, before - piece.length);
    missing -= wanted.length;
    if (wanted.length > 0) await land(wanted);
  };
}

/** A failure that another try may mend; throws any other. */
function passing({ key }: { readonly key: string }, error: Error): Error {
  if (error instanceof S3Error && error.isPassing) return error;
  const isOther = error instanceof S3Error && [404, 412, 416].includes(error.status);
  throw isOther ? new ChangedError(`'${key}' changed while it was read`, { cause: error }) : error;
}
