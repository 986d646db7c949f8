import { open } from 'node:fs/promises';
import { Slots } from '../../core/slots.ts';
import { allOrNone } from './all-or-none.ts';
import { MultipartUpload, type UploadedPart } from './multipart-upload.ts';
import type { ObjectSource } from './object-source.ts';
import { readPart } from './read-part.ts';
import type { S3Client } from './s3-client.ts';

const MiB = 1024 * 1024;
const mostParts = 10_000;
// Parts are held in memory while they are on their way.
const partsAtOnce = 4;

/**
 * Stores a large file in parts; the object appears once all are there, if `condition` holds. Rejects with an S3Error of
 * status 412 where there is one already.
 */
export async function uploadInParts(
  client: S3Client,
  key: string,
  source: ObjectSource,
  headers: Readonly<Record<string, string>>,
  condition: Readonly<Record<string, string>>,
): Promise<void> {
  const upload = await MultipartUpload.begin(client, key, headers);
  try {
    await upload.complete(await putParts(upload, source), source.bytes, condition);
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

async function putParts(upload: MultipartUpload, { path, bytes }: ObjectSource): Promise<readonly UploadedPart[]> {
  const partBytes = Math.max(16 * MiB, Math.ceil(bytes / mostParts));
  const numbers = Array.from({ length: Math.ceil(bytes / partBytes) }, (_part, index) => index + 1);
  const slots = new Slots(partsAtOnce);
  const abort = new AbortController();
  const file = await open(path);
  const put = async (number: number) => {
    const start = (number - 1) * partBytes;
    return upload.put(number, await readPart(file, start, Math.min(partBytes, bytes - start)), abort.signal);
  };
  try {
    return await allOrNone(
      abort,
      numbers.map((number) => slots.run(() => put(number))),
    );
  } finally {
    await file.close();
  }
}
