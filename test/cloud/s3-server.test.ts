import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { S3Error } from '../../src/adapters/s3-model-store/s3-error.ts';
import { S3ModelStore } from '../../src/adapters/s3-model-store/s3-model-store.ts';
import { modelOf } from '../adapters/s3-model-store/temporary-s3-store.ts';

// A real S3 server: versitygw, of this name on the PATH or where VERSITYGW says.
const program = process.env.VERSITYGW ?? 'versitygw';
const MiB = 1024 * 1024;
const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
let folder = '';
let environment: NodeJS.ProcessEnv = {};
let server: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-s3-server-'));
  await mkdir(join(folder, 'buckets/models'), { recursive: true });
  const port = await freePort();
  environment = { ...keys, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` };
  const login = ['--access', keys.AWS_ACCESS_KEY_ID, '--secret', keys.AWS_SECRET_ACCESS_KEY];
  const place = ['--port', `127.0.0.1:${port}`, 'posix', join(folder, 'buckets')];
  server = spawn(program, [...login, ...place], { stdio: 'ignore', timeout: 120_000 });
  const patient = client({}, { attempts: 100, firstPauseMs: 50, longestPauseMs: 200 });
  await patient.ask({ method: 'GET', query: { 'list-type': '2' } });
}, 30_000);

afterAll(async () => {
  server?.kill();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function client(
  more: NodeJS.ProcessEnv = {},
  retries = { attempts: 3, firstPauseMs: 10, longestPauseMs: 100 },
): S3Client {
  return new S3Client('models', { environment: { ...environment, ...more }, retries, silenceMs: 5000 });
}

function store(cache = 'cache', more: NodeJS.ProcessEnv = {}): S3ModelStore {
  const options = { cacheFolder: join(folder, cache), cacheBytes: 2 ** 30, refreshMs: 30_000, requestsAtOnce: 12 };
  return new S3ModelStore(
    client(more),
    { bucket: 'models', prefix: 'a/prefix/' },
    { now: () => performance.now() },
    options,
  );
}

async function write(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

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

  test('refuses a wrong key, and we say so', async () => {
    await expect(store('cache', { AWS_SECRET_ACCESS_KEY: 'wrong' }).list()).rejects.toThrow(
      /access is denied \(SignatureDoesNotMatch\): check the credentials/,
    );
    const none = new S3Client('none', { environment, retries: client().retries, silenceMs: 5000 });
    await expect(none.ask({ method: 'GET', query: { 'list-type': '2' } })).rejects.toBeInstanceOf(S3Error);
  });
});
