import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FileContent } from '../../ports/object-store.ts';
import { crc32Text } from '../s3-model-store/crc32-text.ts';
import { MultipartUpload, type UploadedPart } from '../s3-model-store/multipart-upload.ts';
import type { S3Client } from '../s3-model-store/s3-client.ts';
import { storeMarked } from '../s3-model-store/store-marked.ts';
import { inParts } from './in-parts.ts';

const partBytes = 8 * 1024 * 1024;
const isNew = { 'if-none-match': '*' };

/**
 * Stores what comes in pieces as an object that is not there yet; its length and SHA-256 come back, undefined where
 * there is one already. What fits a part goes in one request, more goes in parts, so a part is all that is ever in
 * memory twice.
 *
 * `beforehand` is told of the content once all of it has come, before the object is there. Rejects with what either
 * rejects with, or an S3Error; then nothing was stored.
 */
export async function createObject(
  client: S3Client,
  key: string,
  body: AsyncIterable<Uint8Array>,
  beforehand?: (content: FileContent) => Promise<void>,
): Promise<FileContent | undefined> {
  const digest = new RunningDigest();
  const parts = inParts(digest.over(body), partBytes)[Symbol.asyncIterator]();
  const first = await parts.next();
  const content = first.done ? new Uint8Array(0) : first.value;
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => parts };
  const come = async () => beforehand?.(digest.result());
  const isStored = await storeMarked(client, key, async (headers) => {
    if (content.length < partBytes) {
      await come();
      await putWhole(client, key, content, headers, digest);
    } else await putParts(await MultipartUpload.begin(client, key, headers), content, rest, digest, come);
  });
  return isStored ? digest.result() : undefined;
}

async function putWhole(
  client: S3Client,
  key: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  digest: RunningDigest,
): Promise<void> {
  const checked = { ...headers, 'x-amz-checksum-crc32': digest.crc32(), ...isNew };
  await client.ask({ method: 'PUT', key, body, headers: checked });
}

/** Stores one part while the next is made, and calls `come` before they become an object. */
async function putParts(
  upload: MultipartUpload,
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  digest: RunningDigest,
  come: () => Promise<void>,
): Promise<void> {
  const parts: UploadedPart[] = [];
  const abort = new AbortController();
  let number = 1;
  let storing = upload.put(number, first, abort.signal);
  // A failure is met when the next part is there.
  storing.catch(() => undefined);
  try {
    for await (const content of rest) {
      parts.push(await storing);
      number += 1;
      storing = upload.put(number, content, abort.signal);
      storing.catch(() => undefined);
    }
    parts.push(await storing);
    await come();
    await upload.complete(parts, digest.bytes, isNew);
  } catch (error) {
    abort.abort();
    await storing.catch(() => undefined);
    await upload.abort();
    throw error;
  }
}

/** Length, SHA-256 and CRC32 of what passes. */
class RunningDigest {
  bytes = 0;
  readonly #sha256 = createHash('sha256');
  #result: FileContent | undefined;
  #crc32 = 0;

  async *over(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of body) {
      this.bytes += piece.length;
      this.#sha256.update(piece);
      this.#crc32 = crc32(piece, this.#crc32);
      yield piece;
    }
  }

  /** In base64, as S3 takes it. */
  crc32(): string {
    return crc32Text(this.#crc32);
  }

  /** To be asked for once all has passed. */
  result(): FileContent {
    this.#result ??= { bytes: this.bytes, checksum: this.#sha256.digest('hex') };
    return this.#result;
  }
}
