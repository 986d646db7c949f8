import type { StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { ByteRange } from '../s3-model-store/byte-range.ts';
import { ChangedError } from '../s3-model-store/changed-error.ts';
import { downloadRange } from '../s3-model-store/download-range.ts';
import { memorySink } from '../s3-model-store/memory-sink.ts';
import type { S3Client } from '../s3-model-store/s3-client.ts';
import { toServiceError } from '../s3-model-store/to-service-error.ts';

const MiB = 1024 * 1024;
// The first is small, as a sample wants no more.
const firstPieceBytes = MiB;
const mostPieceBytes = 8 * MiB;
const piecesAhead = 3;

/**
 * Bytes of an object in order, by GETs of pieces, of which the next are on their way while one is worked on.
 *
 * No connection waits for whoever reads: S3 would cut it off. Rejects with ServiceError 409 where the object is another
 * by now, 503 where it cannot be read.
 */
export async function* readPieces(
  client: S3Client,
  prefix: string,
  file: StoredFile,
  range: ByteRange,
): AsyncIterable<Uint8Array> {
  const { key: name, bytes, version } = file;
  const key = prefix + name;
  const object = version.startsWith('"') ? { key, bytes, etag: version } : { key, bytes, versionId: version };
  const abort = new AbortController();
  const begin = async (piece: ByteRange) => {
    const content = new Uint8Array(piece.end - piece.start);
    await downloadRange(client, object, piece, memorySink(content, piece.start), abort.signal);
    return content;
  };
  const coming: Promise<Uint8Array>[] = [];
  try {
    for (const piece of pieces(range)) {
      const next = begin(piece);
      // It is met when its turn comes; until then nobody listens.
      next.catch(() => undefined);
      coming.push(next);
      if (coming.length === piecesAhead) yield await (coming.shift() as Promise<Uint8Array>);
    }
    for (const next of coming) yield await next;
  } catch (error) {
    throw refusal(name, error);
  } finally {
    abort.abort();
    await Promise.allSettled(coming);
  }
}

function* pieces({ start, end }: ByteRange): Iterable<ByteRange> {
  let size = firstPieceBytes;
  for (let at = start; at < end; ) {
    const next = Math.min(end, at + size);
    yield { start: at, end: next };
    at = next;
    size = Math.min(mostPieceBytes, size * 2);
  }
}

function refusal(name: string, error: unknown): ServiceError {
  if (!(error instanceof ChangedError)) return toServiceError(`'${name}'`, 'read from', error);
  return new ServiceError(409, `'${name}' is another file than when the job began; start a new job`, { cause: error });
}
