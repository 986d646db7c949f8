import type { IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import type { ByteRange } from './byte-range.ts';
import { ChangedError } from './changed-error.ts';
import type { ObjectVersion } from './object-version.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { StoredObject } from './stored-object.ts';

// One write for each chunk from the socket would cost more than the chunk; a whole range in memory, 16 MiB for each connection.
const gatheredBytes = 256 * 1024;
// A connection that brought this much before it was cut was worth its try.
const progressBytes = 256 * 1024;

/** Where a range lands: a file, or memory. */
interface Sink {
  writev(chunks: readonly Buffer[], position: number): Promise<unknown>;
}

/**
 * Writes a range of an object to the same place in `sink`; its CRC32 comes back.
 *
 * Only the version of the object that was told of is taken, or what has its ETag (If-Match). After a cut, what is missing is asked for, not
 * what has landed. Rejects with ChangedError, with an S3Error after too many tries in vain, or with what the disk said.
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
  const land = async (chunks: readonly Buffer[]) => {
    await sink.writev(chunks, position);
    for (const chunk of chunks) {
      checksum = crc32(chunk, checksum);
      position += chunk.length;
    }
  };
  while (position < range.end) {
    const asked = { start: position, end: range.end };
    const failure = await openRange(client, object, asked, signal)
      .then((answer) => gather(answer, asked, answer.statusCode === 200 ? asked.start : 0, land))
      .catch(passing);
    if (position === range.end) break;
    failures = position - asked.start >= progressBytes ? 1 : failures + 1;
    if (failures >= client.retries.attempts)
      throw failure ?? new S3Error(0, 'Short', 'S3 sent less than was asked for');
    await pauseBeforeRetry(failures, client.retries, signal);
  }
  return checksum;
}

async function openRange(
  client: S3Client,
  object: StoredObject | ObjectVersion,
  { start, end }: ByteRange,
  signal: AbortSignal,
) {
  const { key, bytes } = object;
  const range = `bytes=${start}-${end - 1}`;
  const [pinned, mark, expected] =
    'versionId' in object
      ? ([
          { query: { versionId: object.versionId }, headers: { range } },
          'x-amz-version-id',
          object.versionId,
        ] as const)
      : ([{ headers: { range, 'if-match': object.etag } }, 'etag', object.etag] as const);
  const answer = await client.send({ method: 'GET', key, ...pinned, signal }).catch((error) => {
    throw error instanceof S3Error && [404, 412, 416].includes(error.status)
      ? new ChangedError(`'${key}' changed while it was read`, { cause: error })
      : error;
  });
  // A server may leave Range aside, and send all there is.
  const isWhole = answer.statusCode === 200 && answer.headers['content-length'] === String(bytes);
  const given = isWhole ? `bytes ${start}-${end - 1}/${bytes}` : answer.headers['content-range'];
  if (answer.headers[mark] === expected && given === `bytes ${start}-${end - 1}/${bytes}`) return answer;
  answer.destroy();
  // Not every server heeds If-Match; none may pass off another object's bytes as these.
  throw new ChangedError(
    `'${key}': expected bytes ${start}-${end - 1} of ${bytes} of ${expected}, got ${given} of ${answer.headers[mark]}`,
  );
}

/** Hands on the body without its first `skip` bytes, in large pieces; also, if it is cut off, what had come until then. Ignores what is beyond the range. */
async function gather(
  answer: IncomingMessage,
  range: ByteRange,
  skip: number,
  land: (chunks: readonly Buffer[]) => Promise<void>,
) {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let before = skip;
  let missing = range.end - range.start;
  const landAll = async () => {
    const landing = chunks;
    chunks = [];
    bytes = 0;
    if (landing.length > 0) await land(landing);
  };
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const wanted = chunk.subarray(Math.min(before, chunk.length)).subarray(0, missing);
      before = Math.max(0, before - chunk.length);
      if (wanted.length === 0) continue;
      chunks.push(wanted);
      bytes += wanted.length;
      missing -= wanted.length;
      if (bytes >= gatheredBytes) await landAll();
    }
  } finally {
    await landAll();
  }
}

/** A failure that another try may mend; throws any other. */
function passing(error: NodeJS.ErrnoException): Error {
  // A body that is cut off fails with the bare error of its stream.
  const isCut = error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE';
  if (isCut) return new S3Error(0, 'Cut', 'the connection to S3 was cut off', { cause: error });
  if (error instanceof S3Error && error.isPassing) return error;
  throw error;
}
