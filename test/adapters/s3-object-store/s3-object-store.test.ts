import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { S3Client } from '../../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../../src/adapters/s3-object-store/s3-object-store.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';

const MiB = 1024 * 1024;
const s3 = new FakeS3();
const large = Buffer.from(Uint8Array.from({ length: 251 }, (_, index) => index).toString());
/** Of three parts. */
const content = Buffer.concat(Array.from({ length: Math.ceil((17 * MiB) / large.length) }, () => large));
const ofTwoParts = content.subarray(0, 9 * MiB);

function store(attempts = 4): S3ObjectStore {
  const retries = { attempts, firstPauseMs: 1, longestPauseMs: 5 };
  return new S3ObjectStore(new S3Client('models', { retries, silenceMs: 500, environment: s3.environment }), 'job/');
}

async function* pieces(...all: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* all;
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of body) all.push(piece);
  return Buffer.concat(all);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('finds', () => {
  test('a file with its version, or its ETag where the bucket keeps none', async () => {
    const { etag } = s3.put('job/a b+ü.jsonl', 'x');
    s3.put('job/versioned', 'xy', { headers: { 'x-amz-version-id': 'v1' } });
    s3.put('job/before versions', 'xy', { headers: { 'x-amz-version-id': 'null' }, etag: '"e"' });
    expect(await store().find('a b+ü.jsonl')).toEqual({ key: 'a b+ü.jsonl', bytes: 1, version: etag });
    expect(await store().find('versioned')).toEqual({ key: 'versioned', bytes: 2, version: 'v1' });
    expect(await store().find('before versions')).toMatchObject({ version: '"e"' });
    expect(await store().find('none')).toBeUndefined();
  });

  test('an older version, and none that there is not', async () => {
    s3.put('job/x', 'old', { headers: { 'x-amz-version-id': 'v1' } });
    s3.put('job/x', 'newer', { headers: { 'x-amz-version-id': 'v2' } });
    expect(await store().findVersion('x', 'v1')).toEqual({
      key: 'x',
      bytes: 3,
      version: 'v1',
      storedAt: new Date('2026-11-25T05:00:00Z'),
    });
    expect(await store().findVersion('x', 'v3')).toBeUndefined();
    s3.fault = () => ({ status: 400, code: 'InvalidArgument' });
    expect(await store().findVersion('x', 'no version')).toBeUndefined();
  });

  test('says why it cannot', async () => {
    s3.fault = () => ({ status: 403, code: 'AccessDenied' });
    await expect(store().find('x')).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining("'x' cannot be read from S3: access is denied"),
    });
  });
});

describe('reads', () => {
  test('a range, in order, in pieces that are asked for ahead', async () => {
    s3.put('job/large', content);
    const file = await store().find('large');
    if (!file) throw new Error('it is there');
    expect(Buffer.compare(await read(store().read(file)), content)).toBe(0);
    const part = await read(store().read(file, 3, 12 * MiB));
    expect(Buffer.compare(part, content.subarray(3, 12 * MiB))).toBe(0);
    expect(await read(store().read(file, 5, 5))).toHaveLength(0);
    expect(s3.requests.filter(({ method }) => method === 'GET').map(({ headers }) => headers.range)).toContain(
      `bytes=${3}-${3 + MiB - 1}`,
    );
  });

  test('goes on after connections that were cut, where they were cut', async () => {
    s3.put('job/large', ofTwoParts);
    const file = await store().find('large');
    let cuts = 0;
    s3.fault = ({ method }) => (method === 'GET' && cuts++ % 2 === 0 ? { cutAfter: 700_000 } : undefined);
    expect(Buffer.compare(await read(store().read(file as never)), ofTwoParts)).toBe(0);
    expect(cuts).toBeGreaterThan(5);
  });

  test('the range alone of a server that sends all there is', async () => {
    s3.put('job/large', content.subarray(0, 3 * MiB));
    s3.heedsRange = false;
    const file = await store().find('large');
    const part = await read(store().read(file as never, 5, 3 * MiB - 7));
    expect(Buffer.compare(part, content.subarray(5, 3 * MiB - 7))).toBe(0);
  });

  test('the version that it was told of, also once it was replaced', async () => {
    s3.put('job/x', 'old', { headers: { 'x-amz-version-id': 'v1' } });
    const file = await store().find('x');
    s3.put('job/x', 'newer', { headers: { 'x-amz-version-id': 'v2' } });
    expect(String(await read(store().read(file as never)))).toBe('old');
  });

  test('refuses what was replaced where the bucket keeps no versions', async () => {
    s3.put('job/x', 'old');
    const file = await store().find('x');
    s3.put('job/x', 'new');
    await expect(read(store().read(file as never))).rejects.toMatchObject({
      status: 409,
      message: "'x' is another file than when the job began; start a new job",
    });
  });

  test('says 503 of a bucket that does not answer', async () => {
    s3.put('job/x', 'x');
    const file = await store().find('x');
    s3.fault = () => ({ status: 503, code: 'SlowDown' });
    await expect(read(store(2).read(file as never))).rejects.toMatchObject({ status: 503 });
  });

  test('nothing more once whoever reads has enough', async () => {
    s3.put('job/large', ofTwoParts);
    const file = await store().find('large');
    for await (const piece of store().read(file as never)) {
      expect(piece).toHaveLength(MiB);
      break;
    }
    expect(s3.count('GET')).toBeLessThanOrEqual(4);
  });
});

describe('creates', () => {
  test('a small file in one request that takes no other’s place, with its checksum', async () => {
    const created = await store().create('x', pieces(Buffer.from('a'), Buffer.from('bc')));
    expect(created).toEqual({ isNew: true, bytes: 3, checksum: sha256(Buffer.from('abc')) });
    expect(String(s3.objects.get('job/x')?.body)).toBe('abc');
    expect(s3.requests.at(-1)?.headers).toMatchObject({ 'if-none-match': '*', 'x-amz-checksum-crc32': 'NSRBwg==' });
    expect(await store().create('empty', pieces())).toMatchObject({ isNew: true, bytes: 0 });
  });

  test('a large one in parts, which S3 checks', async () => {
    const halves = [ofTwoParts, content.subarray(ofTwoParts.length)];
    expect(await store().create('x', pieces(...halves))).toEqual({
      isNew: true,
      bytes: content.length,
      checksum: sha256(content),
    });
    expect(s3.objects.get('job/x')?.body.equals(content)).toBe(true);
    // A machine that is busy may try one again.
    const parts = s3.requests.filter(({ method }) => method === 'PUT').map(({ query }) => query.get('partNumber'));
    expect([...new Set(parts)]).toEqual(['1', '2', '3']);
  });

  test.each([
    ['small', content.subarray(0, 10)],
    ['large', ofTwoParts],
  ])('where there is a %s one, it stays, and is told of', async (_size, mine) => {
    s3.put('job/x', 'theirs');
    const created = await store().create('x', pieces(mine));
    expect(created).toEqual({ isNew: false, bytes: 6, checksum: sha256(Buffer.from('theirs')) });
    expect(String(s3.objects.get('job/x')?.body)).toBe('theirs');
    expect(s3.uploads.size).toBe(0);
  });

  test.each([
    ['small', content.subarray(0, 10)],
    ['large', ofTwoParts],
  ])('knows a %s one as its own where the answer was lost', async (_size, mine) => {
    let lost = false;
    s3.fault = ({ method, query }) => {
      const isLast = query.has('uploadId') ? method === 'POST' : method === 'PUT';
      if (!isLast || lost) return undefined;
      lost = true;
      return { answerLost: true };
    };
    expect(await store().create('x', pieces(mine))).toMatchObject({ isNew: true, bytes: mine.length });
    expect(lost).toBe(true);
  });

  test('tries again what S3 says of writes that race', async () => {
    let conflicts = 0;
    s3.fault = ({ method }) =>
      method === 'PUT' && conflicts++ < 2 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined;
    expect(await store().create('x', pieces(content.subarray(0, 10)))).toMatchObject({ isNew: true });
  });

  test.each([0, 1, 9 * MiB])('nothing of a body that fails after %i bytes', async (bytes) => {
    const body = async function* () {
      yield content.subarray(0, bytes);
      throw new Error('the model is gone');
    };
    await expect(store().create('x', body())).rejects.toThrow('the model is gone');
    expect(s3.objects.size).toBe(0);
    expect(s3.uploads.size).toBe(0);
  });

  test('says 503 where S3 takes nothing, and leaves no parts', async () => {
    s3.fault = ({ query }) => (query.get('partNumber') === '2' ? { status: 500, code: 'InternalError' } : undefined);
    await expect(store(2).create('x', pieces(ofTwoParts))).rejects.toMatchObject({ status: 503 });
    expect(s3.uploads.size).toBe(0);
  });
});

test('a file takes the place of another, checked by S3', async () => {
  await store().replace('a', Buffer.from('one'));
  await store().replace('a', Buffer.from('two'));
  expect(s3.objects.get('job/a')?.body.toString()).toBe('two');
  expect(s3.requests.at(-1)?.headers['x-amz-checksum-crc32']).toBe('EcqKZg==');
  s3.fault = () => ({ status: 403, code: 'AccessDenied' });
  await expect(store().replace('a', Buffer.from('three'))).rejects.toMatchObject({ status: 503 });
});

test('lists by key, and removes, also what is not there', async () => {
  for (const key of ['job/.work/b', 'job/.work/a +ü', 'job/c', 'other/.work/d']) s3.put(key, key);
  expect((await store().list('.work/')).map(({ key }) => key)).toEqual(['.work/a +ü', '.work/b']);
  await store().remove('.work/b');
  await store().remove('none');
  expect([...s3.objects.keys()]).not.toContain('job/.work/b');
});
