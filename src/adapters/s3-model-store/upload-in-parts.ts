import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { allOrNone } from './all-or-none.ts';
import { elementText } from './element-text.ts';
import type { ObjectSource } from './object-source.ts';
import { readPart } from './read-part.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { Slots } from './slots.ts';

const MiB = 1024 * 1024;
const mostParts = 10_000;
// Parts are held in memory while they are on their way.
const partsAtOnce = 4;

interface Part {
  readonly number: number;
  readonly etag: string;
  readonly checksum: string;
}

/** Stores a large file in parts; the object appears once all are there, if `condition` holds. Rejects with an S3Error of status 412 where there is one already. */
export async function uploadInParts(
  client: S3Client,
  key: string,
  source: ObjectSource,
  headers: Readonly<Record<string, string>>,
  condition: Readonly<Record<string, string>>,
): Promise<void> {
  // CRC32s of parts add up to that of the whole, which is what S3 keeps of them and downloads are checked against.
  const whole = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' };
  const created = await client.ask({ method: 'POST', key, query: { uploads: '' }, headers: { ...headers, ...whole } });
  const uploadId = elementText(created.body.toString(), 'UploadId');
  if (!uploadId) throw new S3Error(502, 'NoUpload', 'S3 began no upload in parts');
  try {
    const parts = await uploadParts(client, key, source, uploadId);
    await complete(client, key, source, uploadId, parts, condition);
  } catch (error) {
    // Parts of an upload that is never completed would be stored, and paid for, until a lifecycle rule ends it.
    await client.ask({ method: 'DELETE', key, query: { uploadId } }).catch(() => undefined);
    throw error;
  }
}

async function uploadParts(
  client: S3Client,
  key: string,
  { path, bytes }: ObjectSource,
  uploadId: string,
): Promise<Part[]> {
  const partBytes = Math.max(16 * MiB, Math.ceil(bytes / mostParts));
  const numbers = Array.from({ length: Math.ceil(bytes / partBytes) }, (_part, index) => index + 1);
  const slots = new Slots(partsAtOnce);
  const abort = new AbortController();
  const file = await open(path);
  const upload = async (number: number) => {
    const start = (number - 1) * partBytes;
    const body = await readPart(file, start, Math.min(partBytes, bytes - start));
    return uploadPart(client, key, uploadId, number, body, abort.signal);
  };
  try {
    return await allOrNone(
      abort,
      numbers.map((number) => slots.run(() => upload(number))),
    );
  } finally {
    await file.close();
  }
}

async function uploadPart(
  client: S3Client,
  key: string,
  uploadId: string,
  number: number,
  body: Buffer,
  signal: AbortSignal,
) {
  signal.throwIfAborted();
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const checksum = crc.toString('base64');
  const query = { partNumber: String(number), uploadId };
  const headers = { 'x-amz-checksum-crc32': checksum };
  const answer = await client.ask({ method: 'PUT', key, query, body, headers, signal });
  return { number, etag: answer.headers.etag ?? '', checksum };
}

async function complete(
  client: S3Client,
  key: string,
  { bytes, checksum }: ObjectSource,
  uploadId: string,
  parts: readonly Part[],
  condition: Readonly<Record<string, string>>,
) {
  const list = parts.map(
    (part) =>
      `<Part><PartNumber>${part.number}</PartNumber><ETag>${part.etag}</ETag><ChecksumCRC32>${part.checksum}</ChecksumCRC32></Part>`,
  );
  const body = Buffer.from(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
  );
  const headers = {
    'content-type': 'application/xml',
    ...condition,
    'x-amz-checksum-crc32': checksum,
    'x-amz-checksum-type': 'FULL_OBJECT',
    'x-amz-mp-object-size': String(bytes),
  };
  const answer = (await client.ask({ method: 'POST', key, query: { uploadId }, body, headers })).body.toString();
  // S3 begins to answer before it is done: what goes wrong then comes with status 200.
  const code = elementText(answer, 'Code');
  if (code)
    throw new S3Error(
      code === 'PreconditionFailed' ? 412 : 500,
      code,
      `S3 answered ${code}: ${elementText(answer, 'Message')}`,
    );
}
