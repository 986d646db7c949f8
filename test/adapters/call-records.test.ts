import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../src/adapters/api-keys/hash-key.ts';
import { type AuditLine, listAudit } from '../../src/adapters/audit/list-audit.ts';
import { verifyAudit } from '../../src/adapters/audit/verify-audit.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import type { ServerOptions } from '../../src/adapters/server-options.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { UsageReader } from '../../src/adapters/usage/usage-reader.ts';
import type { UsageRow } from '../../src/core/usage/usage-row.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serverOptions } from '../fakes/server-options.ts';
import { TestClient } from './grpc-server/test-client.ts';
import { identityModel } from './models.ts';

let root = '';
let server: RunningServer | undefined;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-records-'));
  for (const [name, version] of [
    ['m', 1],
    ['n', 3],
  ]) {
    await mkdir(join(root, `models/${name}/${version}`), { recursive: true });
    await writeFile(join(root, `models/${name}/${version}/model.onnx`), buildOnnx(identityModel('UINT8')));
  }
  const key = (name: string, more = {}) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });
  await writeFile(join(root, 'keys.json'), JSON.stringify({ keys: [key('ann'), key('bob', { models: ['n'] })] }));
});
afterEach(async () => {
  await stop();
  await rm(root, { recursive: true });
});

async function start(options: Partial<ServerOptions>): Promise<RunningServer> {
  const given = { ...serverOptions, models: join(root, 'models'), apiKeys: join(root, 'keys.json'), grpcPort: 0 };
  server = await startServer({ ...given, ...options });
  return server;
}

async function stop(): Promise<void> {
  const repository = server?.dataPlane.repository;
  await server?.close(0);
  for (const name of repository?.names() ?? []) await repository?.unload(name);
  server = undefined;
}

async function infer(model: string, rows: number, key?: string): Promise<number> {
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'UINT8', shape: [rows], data: Array(rows).fill(7) }] });
  const headers = key === undefined ? {} : { 'x-api-key': `key-of-${key}` };
  const answer = await fetch(`${server?.url}/v2/models/${model}/infer?secret=1`, { method: 'POST', body, headers });
  await answer.arrayBuffer();
  return answer.status;
}

const message = (model: string, rows: number) => ({
  model_name: model,
  inputs: [{ name: 'x', datatype: 'UINT8', shape: [rows] }],
  raw_input_contents: [Buffer.alloc(rows)],
});

async function lines(): Promise<AuditLine[]> {
  const store = new DirectoryObjectStore(join(root, 'models/.audit'));
  expect((await verifyAudit(store, { heads: [] })).faults).toEqual([]);
  const all: AuditLine[] = [];
  for await (const line of listAudit(store, {})) all.push(line);
  return all;
}

async function usage(): Promise<readonly UsageRow[]> {
  const reader = new UsageReader(new DirectoryObjectStore(join(root, 'models/.usage')));
  return (await reader.read('2000-01-01', '2999-12-31')).flatMap(({ rows }) => rows);
}

describe('a server that is told to', () => {
  test('counts every call by key, model and version, over HTTP and gRPC, and nothing twice', async () => {
    const { grpcAddress = '' } = await start({ usage: true });
    const grpc = new TestClient(grpcAddress);
    const ann = { 'x-api-key': 'key-of-ann' };
    const calls = [
      ...Array.from({ length: 20 }, () => infer('m', 2, 'ann')),
      ...Array.from({ length: 10 }, () => infer('n', 1, 'bob')),
      infer('m', 1, 'bob'),
      infer('none', 1, 'ann'),
      infer('m', 1),
      ...Array.from({ length: 15 }, () => grpc.call('ModelInfer', message('m', 3), {}, ann)),
    ];
    await Promise.all(calls);
    await expect(grpc.call('ModelInfer', message('m', 1), {}, {})).rejects.toThrow();
    grpc.close();
    const own = await fetch(`${server?.url}/v1/usage?group_by=model`, { headers: { 'x-api-key': 'key-of-bob' } });
    const { data } = (await own.json()) as { data: { results: { model: string; num_model_requests: number }[] }[] };
    const results = data.flatMap((bucket) => bucket.results);
    expect(results.map(({ model, num_model_requests: requests }) => [model, requests])).toEqual([
      ['', 0],
      ['n', 10],
    ]);
    await stop();
    const found = (await usage()).map(({ caller, model, version, requests, failed, items }) => {
      return [caller, `${model}/${version}`, requests, failed, items];
    });
    expect(found.sort()).toEqual([
      ['', '/', 0, 2, 0],
      ['ann', '/', 0, 1, 0],
      ['ann', 'm/1', 35, 0, 20 * 2 + 15 * 3],
      ['bob', '/', 0, 1, 0],
      ['bob', 'n/3', 10, 0, 10],
    ]);
    const [ann1] = (await usage()).filter(({ caller, model }) => caller === 'ann' && model === 'm');
    expect(ann1?.ms).toBeGreaterThan(0);
    // A thread of a function has 1,769 MB.
    expect((ann1?.gbSeconds ?? 0) / (ann1?.ms ?? 1)).toBeCloseTo(1769 / 1024 / 1000, 6);
  });

  test('counts the requests of a batch job, for whoever asked for it', async () => {
    const { url } = await start({ usage: true, data: join(root, 'data') });
    const headers = { 'x-api-key': 'key-of-ann' };
    const body = { inputs: [{ name: 'x', datatype: 'UINT8', shape: [2], data: [1, 2] }] };
    const endpoint = '/v2/models/m/infer';
    const requests = ['a', 'b', 'c'].map((id) =>
      JSON.stringify({ custom_id: id, method: 'POST', url: endpoint, body }),
    );
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([requests.join('\n')]), 'requests.jsonl');
    const ask = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${url}/v1/${path}`, { ...init, headers: { ...headers, ...init.headers } });
      return (await answer.json()) as { id: string; status: string };
    };
    const { id: input } = await ask('files', { method: 'POST', body: form });
    const asked = { input_file_id: input, endpoint, completion_window: '24h' };
    const { id } = await ask('batches', { method: 'POST', body: JSON.stringify(asked) });
    while ((await ask(`batches/${id}`)).status !== 'completed') await sleep(20);
    await stop();
    expect((await usage()).map(({ caller, model, requests: count, items }) => [caller, model, count, items])).toEqual([
      ['ann', 'm', 3, 6],
    ]);
  });

  test('has lines of the calls that were denied, whoever made them, and of no others', async () => {
    const { grpcAddress = '' } = await start({ audit: 'denied' });
    const grpc = new TestClient(grpcAddress);
    expect(await infer('m', 1, 'ann')).toBe(200);
    expect(await infer('m', 1, 'bob')).toBe(403);
    expect(await infer('m', 1)).toBe(401);
    expect(await infer('none%1b', 1, 'bob')).toBe(403);
    const chat = { method: 'POST', body: '{"model":"m","input":"x"}', headers: { 'x-api-key': 'key-of-bob' } };
    expect((await fetch(`${server?.url}/v1/embeddings`, chat)).status).toBe(403);
    await expect(grpc.call('ModelInfer', message('m', 1), {}, { 'x-api-key': 'key-of-bob' })).rejects.toThrow();
    await expect(grpc.call('RepositoryModelLoad', { model_name: 'm' }, {}, {})).rejects.toThrow();
    grpc.close();
    await stop();
    expect(
      (await lines()).map(({ kind, protocol, method, who, status, model }) => [
        kind,
        protocol,
        method,
        who,
        status,
        model,
      ]),
    ).toEqual([
      ['denied', 'http', 'POST', 'bob', 403, 'm'],
      ['denied', 'http', 'POST', undefined, 401, 'm'],
      // As it was asked for, whether there is such a model or not, and without what a terminal would obey.
      ['denied', 'http', 'POST', 'bob', 403, 'none\u{fffd}'],
      ['denied', 'http', 'POST', 'bob', 403, 'm'],
      ['denied', 'grpc', 'ModelInfer', 'bob', 7, 'm'],
      // It is refused before its message is read.
      ['denied', 'grpc', 'RepositoryModelLoad', undefined, 16, undefined],
    ]);
    const text = JSON.stringify(await lines());
    for (const secret of ['key-of-bob', 'secret=1']) expect(text).not.toContain(secret);
  });

  test('has a line of each inference, with the digest of its input, and keeps inputs where it is asked to', async () => {
    const { grpcAddress = '' } = await start({ audit: 'all', auditBodies: 1 });
    const grpc = new TestClient(grpcAddress);
    await infer('m', 2, 'ann');
    await grpc.call('ModelInfer', message('n', 3), {}, { 'x-api-key': 'key-of-bob' });
    await fetch(`${server?.url}/v2/models/m`, { headers: { 'x-api-key': 'key-of-ann' } });
    // The digest of what is large is made on another thread.
    const large = Buffer.alloc(1024 ** 2, 5);
    await grpc.call(
      'ModelInfer',
      { ...message('n', large.length), raw_input_contents: [large] },
      {},
      { 'x-api-key': 'key-of-ann' },
    );
    grpc.close();
    await stop();
    const [http, overGrpc, largest, ...rest] = await lines();
    expect(rest).toEqual([]);
    expect(http).toMatchObject({ kind: 'call', who: 'ann', model: 'm', version: '1', items: 2, status: 200 });
    expect(http).toMatchObject({ path: '/v2/models/m/infer', input: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const sent = await readFile(join(root, 'models', String(largest?.body)));
    expect(sent.length).toBeGreaterThan(large.length);
    expect(largest).toMatchObject({ input: createHash('sha256').update(sent).digest('hex'), bytesIn: sent.length });
    expect(overGrpc).toMatchObject({ who: 'bob', model: 'n', version: '3', items: 3, status: 0, protocol: 'grpc' });
    const body = await readFile(join(root, 'models', String(http?.body)), 'utf8');
    expect(JSON.parse(body)).toMatchObject({ inputs: [{ name: 'x', data: [7, 7] }] });
  });

  test('names the version that a call failed with, to the caller, in its line, and in usage', async () => {
    const { url, grpcAddress = '' } = await start({ audit: 'all', usage: true });
    const grpc = new TestClient(grpcAddress);
    const headers = { 'x-api-key': 'key-of-ann' };
    const wrong = { inputs: [{ name: 'y', datatype: 'UINT8', shape: [1], data: [7] }] };
    const ask = (model: string, body: object) =>
      fetch(`${url}/v2/models/${model}/infer`, { method: 'POST', body: JSON.stringify(body), headers });
    const answer = await ask('n', wrong);
    expect([answer.status, answer.headers.get('x-tensorgate-version')]).toEqual([400, '3']);
    const unknown = await ask('none', wrong);
    expect([unknown.status, unknown.headers.get('x-tensorgate-version')]).toEqual([404, null]);
    const trailers = await grpc
      .call('ModelInfer', { ...message('n', 1), inputs: [] }, {}, headers)
      .catch((error) => error.metadata.get('x-tensorgate-version'));
    expect(trailers).toEqual(['3']);
    grpc.close();
    await stop();
    expect((await lines()).map(({ protocol, status, model, version }) => [protocol, status, model, version])).toEqual([
      ['http', 400, 'n', '3'],
      ['http', 404, undefined, undefined],
      ['grpc', 3, 'n', '3'],
    ]);
    const rows = (await usage()).map(({ model, version, requests, failed }) => [model, version, requests, failed]);
    expect(rows.sort()).toEqual([
      ['', '', 0, 1],
      ['n', '3', 0, 2],
    ]);
  });

  test('says nothing, and answers, where its repository cannot be written', async () => {
    await start({ audit: 'all', usage: true });
    for (const name of ['.audit', '.usage']) await writeFile(join(root, 'models', name), '');
    expect(await infer('m', 2, 'ann')).toBe(200);
    await stop();
  });
});

test('a server that is killed has written what is older than the time between two writes', async () => {
  const source = (path: string) => JSON.stringify(join(import.meta.dirname, '../../', path));
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `
    import { startServer } from ${source('src/adapters/start-server.ts')};
    import { serverOptions } from ${source('test/fakes/server-options.ts')};
    const records = { usage: true, audit: 'all', recordsEveryMs: 20 };
    const server = await startServer({ ...serverOptions, models: ${JSON.stringify(join(root, 'models'))}, ...records });
    console.log(server.url);
  `,
  ]);
  const [url] = await once(child.stdout, 'data');
  server = { url: String(url).trim() } as RunningServer;
  for (let i = 0; i < 7; i += 1) expect(await infer('m', 1)).toBe(200);
  server = undefined;
  const audit = new DirectoryObjectStore(join(root, 'models/.audit'));
  const written = async () => {
    const { chains } = await verifyAudit(audit, { heads: [] });
    const [row] = await usage();
    return row?.requests === 7 && chains[0]?.lines === 8;
  };
  while (!(await written())) await sleep(20);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await usage()).map(({ model, requests, items }) => [model, requests, items])).toEqual([['m', 7, 7]]);
  expect(await verifyAudit(audit, { heads: [] })).toMatchObject({ faults: [], chains: [{ lines: 8, isEnded: false }] });
});

test('a server that is told nothing writes nothing', async () => {
  await start({});
  await infer('m', 1);
  await stop();
  expect(await lines()).toEqual([]);
  expect(await usage()).toEqual([]);
});
