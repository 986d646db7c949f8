import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ObjectSource } from './object-source.ts';
import { readPart } from './read-part.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { uploadInParts } from './upload-in-parts.ts';

/** On what an object is stored: that there is none yet, or nothing. */
type UploadCondition = Readonly<Record<string, string>>;

const MiB = 1024 * 1024;
const wholeBytes = 16 * MiB;

/**
 * Stores a file as an object, with its CRC32, which S3 checks and keeps; one that is not there yet, unless `condition` asks for less. False where there is one already.
 *
 * Each upload carries a mark of its own: where S3 says that the object exists after an answer was lost, the mark tells
 * whether it is this very one.
 */
export async function uploadObject(
  client: S3Client,
  key: string,
  source: ObjectSource,
  condition: UploadCondition = { 'if-none-match': '*' },
): Promise<boolean> {
  const mark = randomUUID();
  const headers = { 'x-amz-meta-upload': mark };
  try {
    if (source.bytes > wholeBytes) await uploadInParts(client, key, source, headers, condition);
    else await uploadWhole(client, key, source, { ...headers, ...condition });
    return true;
  } catch (error) {
    if (!(error instanceof S3Error) || ![404, 409, 412].includes(error.status)) throw error;
    const found = await client.ask({ method: 'HEAD', key }).catch(() => undefined);
    if (!found) throw error;
    return found.headers['x-amz-meta-upload'] === mark;
  }
}

async function uploadWhole(
  client: S3Client,
  key: string,
  { path, bytes, checksum }: ObjectSource,
  headers: Record<string, string>,
) {
  const file = await open(path);
  try {
    const body = await readPart(file, 0, bytes);
    const checked = { ...headers, 'x-amz-checksum-crc32': checksum };
    await client.ask({ method: 'PUT', key, body, headers: checked });
  } finally {
    await file.close();
  }
}
