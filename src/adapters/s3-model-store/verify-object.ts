import type { FileHandle } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { CorruptError } from './corrupt-error.ts';
import { crc32Text } from './crc32-text.ts';
import { digestFile } from './digest-file.ts';
import { type ExpectedDigest, expectedDigest } from './expected-digest.ts';
import type { S3Client } from './s3-client.ts';
import type { StoredObject } from './stored-object.ts';

/**
 * Rejects with CorruptError where a downloaded object is not what S3's checksum was made of; `checksum` is its CRC32.
 */
export async function verifyObject(
  client: S3Client,
  object: StoredObject,
  headers: IncomingHttpHeaders,
  file: FileHandle,
  checksum: number,
): Promise<void> {
  const expected = expectedDigest(headers);
  if (!expected) return;
  const found = await digestOf(client, object, expected, file, checksum);
  if (found === undefined || found === expected.value) return;
  throw new CorruptError(`'${object.key}': its ${expected.algorithm} is ${found}, S3 has ${expected.value}`);
}

/** Undefined where nobody can tell how the object was cut up when it was stored. */
async function digestOf(
  client: S3Client,
  object: StoredObject,
  { algorithm, parts }: ExpectedDigest,
  file: FileHandle,
  checksum: number,
): Promise<string | undefined> {
  if (algorithm === 'crc32' && parts === undefined) return crc32Text(checksum);
  if (parts === undefined) return digestFile(file, algorithm, object.bytes);
  const first = {
    method: 'HEAD',
    key: object.key,
    query: { partNumber: '1' },
    headers: { 'if-match': object.etag },
  } as const;
  const partBytes = Number((await client.ask(first)).headers['content-length']);
  // Uploaders cut into parts of one length, the last excepted.
  if (Math.ceil(object.bytes / partBytes) !== parts) return undefined;
  return digestFile(file, algorithm, object.bytes, partBytes);
}
