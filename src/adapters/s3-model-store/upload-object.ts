import { open } from 'node:fs/promises';
import type { ObjectSource } from './object-source.ts';
import { readPart } from './read-part.ts';
import type { S3Client } from './s3-client.ts';
import { storeMarked } from './store-marked.ts';
import { uploadInParts } from './upload-in-parts.ts';

/** On what an object is stored: that there is none yet, or nothing. */
type UploadCondition = Readonly<Record<string, string>>;

const MiB = 1024 * 1024;
const wholeBytes = 16 * MiB;

/**
 * Stores a file as an object, with its CRC32, which S3 checks and keeps; one that is not there yet, unless `condition`
 * asks for less. False where there is one already.
 */
export async function uploadObject(
  client: S3Client,
  key: string,
  source: ObjectSource,
  condition: UploadCondition = { 'if-none-match': '*' },
): Promise<boolean> {
  return storeMarked(client, key, (headers) =>
    source.bytes > wholeBytes
      ? uploadInParts(client, key, source, headers, condition)
      : uploadWhole(client, key, source, { ...headers, ...condition }),
  );
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
