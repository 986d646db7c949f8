import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { S3Exchange } from '../../src/adapters/s3-exchange/s3-exchange.ts';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { S3Error } from '../../src/adapters/s3-model-store/s3-error.ts';
import { S3ModelStore } from '../../src/adapters/s3-model-store/s3-model-store.ts';
import { S3ObjectStore } from '../../src/adapters/s3-object-store/s3-object-store.ts';
import { modelOf } from '../adapters/s3-model-store/temporary-s3-store.ts';
import { S3Server } from '../fakes/s3-server.ts';

const MiB = 1024 * 1024;
const server = new S3Server();

beforeAll(() => server.start(), 30_000);
afterAll(() => server.remove());

function client(
  more: NodeJS.ProcessEnv = {},
  retries = { attempts: 3, firstPauseMs: 10, longestPauseMs: 100 },
): S3Client {
  return new S3Client('models', { environment: { ...server.environment, ...more }, retries, silenceMs: 5000 });
}

function store(cache = 'cache', more: NodeJS.ProcessEnv = {}): S3ModelStore {
  const options = {
    cacheFolder: join(server.folder, cache),
    cacheBytes: 2 ** 30,
    refreshMs: 30_000,
    requestsAtOnce: 12,
  };
  return new S3ModelStore(client(more), { bucket: 'models', prefix: 'a/prefix/' }, performance, options);
}

function exchange(urlSeconds = 900): S3Exchange {
  return new S3Exchange(client(), { prefix: 'exchange/', urlSeconds, requestsAtOnce: 12 });
}

async function write(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(server.folder, name), content);
  return join(server.folder, name);
}

describe('presigned URLs of a real S3 server', () => {
  const none = new AbortController().signal;
  const content = Buffer.alloc(9 * MiB + 3, 'tensorgate ');

  test('take an upload and give a result, without a key', async () => {
    const { url, reference, headers } = await exchange().createUpload(content.length);
    expect((await fetch(url, { method: 'PUT', body: content, headers })).status).toBe(200);
    const upload = await exchange().findUpload(reference, none);
    expect(upload?.bytes).toBe(content.length);
    expect(Buffer.compare((await upload?.read(none)) as Uint8Array, content)).toBe(0);
    const result = await exchange().putResult(content, none);
    const answer = await fetch(result.url);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), content)).toBe(0);
  });

  test('take no other length than was named, where one was', async () => {
    const bound = await exchange().createUpload(8);
    for (const body of ['1234567', '123456789'])
      expect((await fetch(bound.url, { method: 'PUT', body })).status).toBe(403);
    expect(await exchange().findUpload(bound.reference, none)).toBeUndefined();
    expect((await fetch(bound.url, { method: 'PUT', body: '12345678' })).status).toBe(200);
    const free = await exchange().createUpload(undefined);
    expect((await fetch(free.url, { method: 'PUT', body: '1' })).status).toBe(200);
    expect((await exchange().findUpload(free.reference, none))?.bytes).toBe(1);
  });

  test('do nothing else, nowhere else, and nothing once they have expired', async () => {
    const { url, reference } = await exchange().createUpload(undefined);
    await fetch(url, { method: 'PUT', body: 'x' });
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(url.replace(reference, `${reference}x`), { method: 'PUT', body: 'x' })).status).toBe(403);
    const brief = await exchange(1).putResult(content, none);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect((await fetch(brief.url)).status).toBe(403);
  });
});

describe('a real S3 server', () => {
  const large = modelOf(40 * MiB);

  test('takes a model in parts and gives it back in ranges, with one checksum over all', async () => {
    const files = new Map([
      ['model.onnx', await write('large.onnx', large)],
      ['deep/with space +ü.txt', await write('words', 'x\n')],
    ]);
    await store().put('large', 1, files);
    expect(await store().list()).toMatchObject([{ name: 'large', versions: [1], misplaced: [] }]);
    const fetched = await store().fetch('large', 1);
    expect(Buffer.compare(await readFile(fetched.path), large)).toBe(0);
    expect(await readFile(join(fetched.folder, 'deep/with space +ü.txt'), 'utf8')).toBe('x\n');
    const key = 'a/prefix/large/1/model.onnx';
    const { headers } = await client().ask({ method: 'HEAD', key, headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    expect(headers).toMatchObject({ 'x-amz-checksum-type': 'FULL_OBJECT', 'x-amz-checksum-crc32': expect.any(String) });
  });

  test('lets one of many that store one version win', async () => {
    const path = await write('small.onnx', modelOf(10));
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map(() => store().put('race', 1, new Map([['model.onnx', path]]))),
    );
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.status] : []));
    expect(refusals).toEqual([409, 409, 409]);
  });

  test('refuses what we count on it to refuse', async () => {
    const key = 'a/prefix/refused';
    const ask = (headers: Record<string, string>, method: 'GET' | 'PUT', body?: Buffer) =>
      client()
        .ask({ method, key, headers, ...(body ? { body } : {}) })
        .catch((error: S3Error) => error.code);
    expect(await ask({ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'PUT', Buffer.from('x'))).toBe('BadDigest');
    await ask({}, 'PUT', Buffer.from('x'));
    expect(await ask({ 'if-none-match': '*' }, 'PUT', Buffer.from('y'))).toBe('PreconditionFailed');
    expect(await ask({ 'if-match': '"other"', range: 'bytes=0-0' }, 'GET')).toBe('PreconditionFailed');
  });

  test('keeps the files of a job: whole, in ranges, and of many that create one the first', async () => {
    const files = new S3ObjectStore(client(), 'out/a b+ü/');
    const body = async function* (content: Uint8Array) {
      for (let at = 0; at < content.length; at += MiB) yield content.subarray(at, at + MiB);
    };
    const large = modelOf(20 * MiB);
    const created = await Promise.all([1, 2, 3].map(() => files.create('part +1.jsonl', body(large))));
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(created.map(({ bytes, checksum }) => `${bytes} ${checksum}`)).size).toBe(1);
    expect(await files.create('small', body(Buffer.from('x')))).toMatchObject({ isNew: true, bytes: 1 });
    expect(await files.create('small', body(Buffer.from('yy')))).toMatchObject({ isNew: false, bytes: 1 });
    const found = await files.find('part +1.jsonl');
    if (!found) throw new Error('it is there');
    const read: Uint8Array[] = [];
    for await (const piece of files.read(found, 5, 19 * MiB)) read.push(piece);
    expect(Buffer.compare(Buffer.concat(read), Buffer.from(large).subarray(5, 19 * MiB))).toBe(0);
    expect((await files.list('part')).map(({ key }) => key)).toEqual(['part +1.jsonl']);
    await files.remove('small');
    expect(await files.find('small')).toBeUndefined();
  });

  test('refuses a wrong key, and we say so', async () => {
    await expect(store('cache', { AWS_SECRET_ACCESS_KEY: 'wrong' }).list()).rejects.toThrow(
      /access is denied \(SignatureDoesNotMatch\): check the credentials/,
    );
    const none = new S3Client('none', { environment: server.environment, retries: client().retries, silenceMs: 5000 });
    await expect(none.ask({ method: 'GET', query: { 'list-type': '2' } })).rejects.toBeInstanceOf(S3Error);
  });
});
