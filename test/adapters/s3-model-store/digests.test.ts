import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { combineCrc32 } from '../../../src/adapters/s3-model-store/combine-crc32.ts';
import { digestFile } from '../../../src/adapters/s3-model-store/digest-file.ts';
import { expectedDigest } from '../../../src/adapters/s3-model-store/expected-digest.ts';
import { splitRanges } from '../../../src/adapters/s3-model-store/split-ranges.ts';
import { TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const MiB = 1024 * 1024;

test('the CRC32 of two pieces is that of both in a row', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uint8Array({ maxLength: 3000 }), (first, second) => {
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])));
    }),
  );
  const zeros = Buffer.alloc(5_000_000);
  expect(combineCrc32(crc32('a'), crc32(zeros), zeros.length)).toBe(crc32(Buffer.concat([Buffer.from('a'), zeros])));
});

describe('ranges', () => {
  test('cover all bytes once, none longer than 16 MiB, in whole rounds where there is more than one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20e9 }), fc.integer({ min: 1, max: 32 }), (bytes, atOnce) => {
        const ranges = splitRanges(bytes, atOnce);
        expect(ranges.reduce((at, { start, end }) => (start === at && end > start ? end : Number.NaN), 0)).toBe(bytes);
        expect(Math.max(0, ...ranges.map(({ start, end }) => end - start))).toBeLessThanOrEqual(16 * MiB);
        if (ranges.length > atOnce) expect(ranges.length / atOnce).toBe(Math.ceil(ranges.length / atOnce));
      }),
    );
  });

  test('are as many as connections for a model of 100 MB', () => {
    expect(splitRanges(102e6, 12)).toHaveLength(12);
    expect(splitRanges(4 * MiB, 12)).toHaveLength(1);
  });
});

test.each([
  ['crc32', 'y/Q5Jg=='],
  ['crc32c', '4waSgw=='],
  ['crc64nvme', 'rosUhgp5mIg='],
  ['md5', createHash('md5').update('123456789').digest('base64')],
  ['sha256', createHash('sha256').update('123456789').digest('base64')],
] as const)('%s of a file is as its standard has it, and of parts that of their digests', async (algorithm, digest) => {
  const file = await open(await here.write('check', '123456789'));
  expect(await digestFile(file, algorithm, 9)).toBe(digest);
  const digests = await Promise.all(
    ['1234', '5678', '9'].map(async (content) => {
      const part = await open(await here.write(content, content));
      const digest = await digestFile(part, algorithm, content.length);
      await part.close();
      return Buffer.from(digest, 'base64');
    }),
  );
  const whole = await open(await here.write('digests', Buffer.concat(digests)));
  const length = digests.reduce((sum, { length }) => sum + length, 0);
  expect(await digestFile(file, algorithm, 9, 4)).toBe(await digestFile(whole, algorithm, length));
  await Promise.all([file.close(), whole.close()]);
});

describe('the digest that S3 vouches with', () => {
  const etag = '"00112233445566778899aabbccddeeff"';
  const md5 = 'ABEiM0RVZneImaq7zN3u/w==';
  test.each([
    [
      'a CRC32 before the ETag',
      { etag, 'x-amz-checksum-crc32': 'AAAAAA==' },
      { algorithm: 'crc32', value: 'AAAAAA==' },
    ],
    ['a CRC32 of parts', { 'x-amz-checksum-crc32': 'AAAAAA==-3' }, { algorithm: 'crc32', value: 'AAAAAA==', parts: 3 }],
    ['the ETag before what is not native', { etag, 'x-amz-checksum-crc64nvme': 'x' }, { algorithm: 'md5', value: md5 }],
    ['the ETag of an upload in parts', { etag: `${etag.slice(0, -1)}-2"` }, { algorithm: 'md5', value: md5, parts: 2 }],
    [
      'no ETag under a key of KMS',
      { etag, 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-checksum-crc64nvme': 'x' },
      { algorithm: 'crc64nvme', value: 'x' },
    ],
    [
      "no ETag under the caller's key",
      { etag, 'x-amz-server-side-encryption-customer-algorithm': 'AES256' },
      undefined,
    ],
    ['no ETag that is no MD5', { etag: '"some-tag"' }, undefined],
  ])('is %s', (_case, headers, digest) => {
    expect(expectedDigest(headers)).toEqual(digest);
  });
});
