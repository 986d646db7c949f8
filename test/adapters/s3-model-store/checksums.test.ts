import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { digestFile } from '../../../src/adapters/s3-model-store/digest-file.ts';
import type { DigestAlgorithm } from '../../../src/adapters/s3-model-store/expected-digest.ts';
import type { FakeObject } from '../../fakes/fake-s3.ts';
import { modelOf, TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const model = modelOf(10_000);
const underKms = { 'x-amz-server-side-encryption': 'aws:kms' };
const partBytes = 4096;

async function digestOf(algorithm: DigestAlgorithm, parts?: number): Promise<string> {
  const file = await open(await here.write('model.onnx', model));
  return digestFile(file, algorithm, model.length, parts).finally(() => file.close());
}

/** What S3 keeps of an object that was uploaded in parts. */
async function inParts(algorithm: DigestAlgorithm): Promise<Partial<FakeObject>> {
  const count = Math.ceil(model.length / partBytes);
  const value = await digestOf(algorithm, partBytes);
  const etag = `"${algorithm === 'md5' ? Buffer.from(value, 'base64').toString('hex') : '0'.repeat(32)}-${count}"`;
  return {
    etag,
    partBytes,
    ...(algorithm === 'md5' ? {} : { checksums: { [`x-amz-checksum-${algorithm}`]: `${value}-${count}` } }),
  };
}

const kinds: [string, () => Promise<Partial<FakeObject>>][] = [
  ['the MD5 that its ETag is', async () => ({})],
  ['a CRC32', async () => ({ checksums: { 'x-amz-checksum-crc32': await digestOf('crc32') } })],
  ['a SHA-256', async () => ({ checksums: { 'x-amz-checksum-sha256': await digestOf('sha256') } })],
  [
    'a CRC64NVME, under a key of KMS',
    async () => ({ headers: underKms, checksums: { 'x-amz-checksum-crc64nvme': await digestOf('crc64nvme') } }),
  ],
  [
    'a CRC32C, under a key of KMS',
    async () => ({ headers: underKms, checksums: { 'x-amz-checksum-crc32c': await digestOf('crc32c') } }),
  ],
  ['the MD5s of its parts', () => inParts('md5')],
  ['the CRC32s of its parts', () => inParts('crc32')],
];

describe('an object is checked', () => {
  test.each(kinds)('by %s', async (_kind, known) => {
    const object = here.s3.put('root/a/1/model.onnx', model, await known());
    await here.store.fetch('a', 1);
    // The same vouchers, for other bytes.
    here.s3.objects.set('root/a/1/model.onnx', { ...object, body: Buffer.from(modelOf(10_000, 2)) });
    const store = here.open({ cacheFolder: here.inCache('other') });
    await expect(store.fetch('a', 1)).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('what came does not match its checksum'),
    });
  });

  test('by nothing more than length and ETag, where S3 has nothing more', async () => {
    here.s3.put('root/a/1/model.onnx', model, { headers: underKms });
    await here.store.fetch('a', 1);
  });

  test('by length and ETag, where nobody can tell the parts', async () => {
    const digest = createHash('md5').update('uneven').digest('hex');
    here.s3.put('root/a/1/model.onnx', model, { etag: `"${digest}-7"`, partBytes });
    await here.store.fetch('a', 1);
  });
});
