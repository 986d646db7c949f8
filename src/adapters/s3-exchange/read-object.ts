import type { Slots } from '../../core/slots.ts';
import { allOrNone } from '../s3-model-store/all-or-none.ts';
import { downloadRange } from '../s3-model-store/download-range.ts';
import { memorySink } from '../s3-model-store/memory-sink.ts';
import type { S3Client } from '../s3-model-store/s3-client.ts';
import { splitRanges } from '../s3-model-store/split-ranges.ts';
import type { StoredObject } from '../s3-model-store/stored-object.ts';

/**
 * An object's bytes, by ranged GETs side by side into memory of their own. Rejects with ChangedError where it was
 * replaced meanwhile, with an S3Error after too many tries, with an AbortError once `signal` aborts.
 *
 * No checksum is asked for: each range is of the length and the ETag that were expected, and TLS guards what it
 * carries.
 */
export async function readObject(
  client: S3Client,
  object: StoredObject,
  slots: Slots,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const content = new Uint8Array(object.bytes);
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  const landing = splitRanges(object.bytes, slots.count).map((range) =>
    slots.run(() => downloadRange(client, object, range, memorySink(content, 0), either)),
  );
  await allOrNone(abort, landing);
  return content;
}
