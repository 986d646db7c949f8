import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import { keyFileSchema } from '../../../src/adapters/api-keys/key-file-schema.ts';
import { watchKeys } from '../../../src/adapters/api-keys/watch-keys.ts';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { identityModel } from '../models.ts';
import { bodiesWithModel } from './bodies-with-model.ts';

jest.setTimeout(20_000);

const entry = (name: string, more = {}) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });
const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [3] }];

describe('serve --api-keys', () => {
  let folder: string;
  let file: string;
  let server: RunningServer;
  const call = async (method: string, path: string, key?: string, body?: object) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(server.url + path, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const statusOf = async (...words: Parameters<typeof call>) => (await call(...words)).status;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-keys-'));
    for (const name of ['m', 'n']) {
      await mkdir(join(folder, 'models', name, '1'), { recursive: true });
      await writeFile(join(folder, 'models', name, '1/model.onnx'), buildOnnx(identityModel('FP32')));
    }
    file = join(folder, 'keys.json');
    const all = { actions: ['infer', 'read', 'admin'] };
    await writeFile(file, JSON.stringify({ keys: [entry('all', all), entry('one', { models: ['m'] })] }));
    const data = join(folder, 'data');
    await mkdir(data);
    server = await startServer({ ...serverOptions, models: join(folder, 'models'), data, apiKeys: file });
  });
  afterAll(async () => {
    await server.close(0);
    for (const name of ['m', 'n']) await server.dataPlane.repository.unload(name);
    await rm(folder, { recursive: true });
  });

  /** Every route that the document has, once with each method. */
  const routes = async () => {
    const { paths } = JSON.parse((await call('GET', '/openapi.json', 'key-of-all')).text) as {
      paths: Record<string, Record<string, object>>;
    };
    return Object.entries(paths).flatMap(([path, methods]) =>
      ['get', 'post', 'delete'].flatMap((method) =>
        methods[method] ? [[method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, 'm')] as const] : [],
      ),
    );
  };

  test('nothing but health and the page of the documentation is to be had without a key', async () => {
    const open: string[] = [];
    const all = await routes();
    for (const [method, path] of all) if ((await statusOf(method, path)) !== 401) open.push(path);
    expect(open).toEqual(['/v2/health/live', '/v2/health/ready', '/docs', '/docs/m']);
    expect(all.length).toBeGreaterThan(25);
    // No part of the document, which it leads to.
    expect(JSON.parse((await call('GET', '/')).text)).toMatchObject({ openapi: 'openapi.json', docs: 'docs' });
  });

  test('a key for one model has that one alone, and no more of the server than its name', async () => {
    const had: string[] = [];
    const all = (await routes()).filter(([, path]) => !path.startsWith('/docs') && !path.includes('health'));
    for (const [method, path] of all) if ((await statusOf(method, path, 'key-of-one')) !== 403) had.push(path);
    const lists = [
      ['GET', '/metrics'],
      ['GET', '/openapi.json'],
      ['GET', '/v1/models'],
      ['GET', '/v2/models'],
      ['GET', '/v2/models/stats'],
      ['POST', '/v2/repository/index'],
    ] as const;
    expect(
      had.filter((path) => !/^\/(v2\/models|v1\/predict|v1\/explain|v1\/models)\/m(\/|$)/.test(path)).sort(),
    ).toEqual(['/v2', ...lists.map(([, path]) => path), ...Object.keys(bodiesWithModel)].sort());
    for (const [method, path] of lists) {
      const { text } = await call(method, path, 'key-of-one');
      expect([path, text]).not.toEqual([path, expect.stringMatching(/[:[,] ?"n"[\],}]|models\/n\b|model="n"/)]);
    }
    for (const [path, body] of Object.entries(bodiesWithModel)) {
      expect(await statusOf('POST', path, 'key-of-one', { model: 'm@1', ...body })).toBe(400);
      expect(await statusOf('POST', path, 'key-of-one', { model: 'n', ...body })).toBe(403);
    }
    expect(await statusOf('POST', '/v2/models/n/generate_stream', 'key-of-one', { text_input: 'x' })).toBe(403);
    expect(await statusOf('GET', '/v1/models/n@1', 'key-of-one')).toBe(403);
    expect(await statusOf('POST', '/v2/models/m/infer', 'key-of-one', { inputs })).toBe(200);
    expect(await statusOf('POST', '/v2/models/n/infer', 'key-of-one', { inputs })).toBe(403);
    expect(await statusOf('POST', '/v2/models/none/infer', 'key-of-one', { inputs })).toBe(403);
    expect(await statusOf('POST', '/v2/models/%6d/infer', 'key-of-one', { inputs })).toBe(200);
  });

  test('a refusal has the shape of its surface', async () => {
    const v2 = await call('POST', '/v2/models/m/infer', undefined, { inputs });
    expect([v2.status, v2.headers.get('www-authenticate'), v2.text]).toEqual([
      401,
      'Bearer',
      '{"error":"an API key is needed: send x-api-key, or authorization: Bearer"}',
    ]);
    const v1 = await call('GET', '/v1/batches', 'key-of-one');
    expect([v1.status, JSON.parse(v1.text)]).toEqual([
      403,
      {
        error: expect.objectContaining({
          type: 'invalid_request_error',
          message: expect.stringContaining('all models'),
        }),
      },
    ]);
  });

  test('refuses before the body has come', async () => {
    const { port } = new URL(server.url);
    const headers = { 'content-length': '1000000' };
    const asked = request({ port, path: '/v2/models/m/infer', method: 'POST', headers });
    const status = await new Promise((resolve, reject) => {
      asked.on('response', (response) => resolve(response.statusCode)).on('error', reject);
      asked.write('{');
    });
    asked.destroy();
    expect(status).toBe(401);
  });

  test('a key that is added is taken soon, one that is taken away refused', async () => {
    const until = async (key: string, status: number) => {
      for (let wait = 0; wait < 100; wait += 1) {
        if ((await statusOf('GET', '/v2', key)) === status) return status;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return undefined;
    };
    await writeFile(file, JSON.stringify({ keys: [entry('new')] }));
    expect([await until('key-of-new', 200), await until('key-of-all', 401)]).toEqual([200, 401]);
  });

  test.each([
    ['{"keys": [', 'not JSON: '],
    [JSON.stringify({ keys: [entry('a', { model: ['m'] })] }), "'keys.0': unknown key 'model'; did you mean 'models'?"],
    ['{"keys": [{"name": "a", "sha256": "AB"}]}', "'keys.0.sha256': must match pattern"],
    [JSON.stringify({ keys: [entry('a'), entry('a')] }), "there are several keys 'a'"],
    [
      JSON.stringify({ keys: [entry('a', { actions: ['run'] })] }),
      '(infer, read, push, jobs, promote, admin), got "run"',
    ],
    [JSON.stringify({ keys: [entry('a', { expires: '2026-13-01' })] }), "key 'a': 'expires' is '2026-13-01'; expected"],
    [JSON.stringify({ keys: [entry('a', { expires: '2026-01-01T00:00' })] }), 'a time with its zone'],
    ['{"keys": [{"name": "a"}]}', "key 'a': expected either 'sha256', of a key, or 'principal', an ARN of IAM"],
    [JSON.stringify({ keys: [entry('a', { principal: 'arn:aws:iam::1:role/a' })] }), "expected either 'sha256'"],
    [JSON.stringify({ keys: [entry('a', { rate: { perSecond: 0 } })] }), "'keys.0.rate.perSecond': must be > 0"],
    [JSON.stringify({ keys: [entry('a', { quota: { requests: 1, per: 'hour' } })] }), '(day, month), got "hour"'],
  ])('does not start with %j', async (text, message) => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, text);
    const start = startServer({ ...serverOptions, models: join(folder, 'models'), apiKeys: broken });
    await expect(start).rejects.toThrow(`${broken}: `);
    await expect(start).rejects.toThrow(message);
  });

  test('follows a link to another file; one that is broken, or gone, changes nothing, as the log says', async () => {
    const link = join(folder, 'link.json');
    await writeFile(join(folder, 'first.json'), JSON.stringify({ keys: [entry('first')] }));
    await writeFile(join(folder, 'second.json'), '{');
    await symlink('first.json', link);
    const lines: string[] = [];
    let told = Promise.withResolvers<void>();
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: (fields: object, message: string) => {
        lines.push(`${message}: ${JSON.stringify(fields)}`);
        told.resolve();
      },
    };
    const keys = await watchKeys(link, log);
    await rm(link);
    await symlink('second.json', link);
    await told.promise;
    expect(lines[0]).toMatch(/those before stay in use: {"reason":.*not JSON/);
    expect(keys.authorize({ 'x-api-key': 'key-of-first' }).name).toBe('first');
    told = Promise.withResolvers();
    await rm(link);
    await told.promise;
    keys.close();
    expect(lines[1]).toMatch(/those before stay in use: {"reason":.*there is no such file/);
    expect(keys.authorize({ 'x-api-key': 'key-of-first' }).name).toBe('first');
  });

  test('the schema is published as it is', async () => {
    // node -e "import('./src/adapters/api-keys/key-file-schema.ts').then((file) =>
    // console.log(JSON.stringify(file.keyFileSchema, null, 2)))" > docs/api-keys.schema.json && npx biome format
    // --write docs
    expect(JSON.parse(await readFile('docs/api-keys.schema.json', 'utf8'))).toEqual(keyFileSchema);
  });
});
