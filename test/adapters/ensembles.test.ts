import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../src/adapters/api-keys/hash-key.ts';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import { askAgain } from '../../src/adapters/remote-models/ask-again.ts';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import type { ModelStore } from '../../src/ports/model-store.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { serverOptions } from '../fakes/server-options.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { addModel, identityModel } from './models.ts';
import { TemporaryS3Store } from './s3-model-store/temporary-s3-store.ts';

interface Statistics {
  readonly model_stats: readonly {
    readonly execution_count: number;
    readonly inference_stats: { readonly success: { readonly count: number } };
  }[];
}

const bucket = new TemporaryS3Store();
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** out = (x + x) + x and zero = x - x, by a model that adds and subtracts. */
const ensemble = {
  inputs: ['x'],
  outputs: ['out', 'zero'],
  steps: [
    { model: 'add', inputs: { a: 'x', b: 'x' }, outputs: { sum: 'twice', difference: 'zero' } },
    { model: 'add', version: 1, inputs: { a: 'twice', b: 'x' }, outputs: { sum: 'out' } },
  ],
};

const kinds: [string, { open(): ModelStore; write(path: string, content: string | Uint8Array): Promise<unknown> }][] = [
  ['a directory', { open: () => new DirectoryModelStore(folder), write }],
  ['a bucket', { open: () => bucket.store, write: async (path, content) => bucket.s3.put(`root/${path}`, content) }],
];

describe.each(kinds)('an ensemble in %s', (_kind, { open, write }) => {
  test('is its settings alone, and its version 1', async () => {
    await write('e/model.json', JSON.stringify(ensemble));
    const [first, second] = ensemble.steps;
    const expected = {
      name: 'e',
      versions: [1],
      config: { ensemble: { ...ensemble, steps: [first, { ...second, version: '1' }] } },
    };
    expect(await open().find('e')).toMatchObject(expected);
    expect(await open().list()).toMatchObject([expected]);
    await expect(open().fetch('e', 1)).rejects.toMatchObject({ status: 404 });
  });

  test('is there with what is wrong with it; settings without steps are no model', async () => {
    await write('none/model.json', '{"pinned": true}');
    await write('not a name/model.json', '{"pinned": true}');
    expect(await open().list()).toEqual([]);
    expect(await open().find('none')).toBeUndefined();
    const problems: [object | string, string][] = [
      ['{"steps": [', 'not JSON'],
      [{ ...ensemble, steps: [] }, "'steps': must NOT have fewer than 1 items"],
      [{ steps: ensemble.steps }, "'steps': expected 'inputs' and 'outputs' too"],
      [{ inputs: ['x'] }, "'inputs' and 'outputs' are for a model with 'steps'"],
      [{ ...ensemble, pinned: true }, "'pinned' is not for a model with 'steps'"],
      [{ ...ensemble, outputs: ['put'] }, "'outputs' names the tensor 'put', which no step gives"],
    ];
    for (const [settings, problem] of problems) {
      await write('e/model.json', typeof settings === 'string' ? settings : JSON.stringify(settings));
      expect(await open().find('e')).toMatchObject({ versions: [1], problem: expect.stringContaining(problem) });
    }
    await write('e/model.json', JSON.stringify(ensemble));
    await write('e/1/model.onnx', buildOnnx(identityModel('FP32')));
    expect(await open().find('e')).toMatchObject({ problem: expect.stringContaining("has 'steps', and files") });
  });
});

describe('an ensemble that is served', () => {
  let server: RunningServer;
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/v2/${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, never> };
  };
  beforeEach(async () => {
    await write('add/1/model.onnx', buildOnnx(addModel()));
    await write('e/model.json', JSON.stringify(ensemble));
    server = await startServer({ ...serverOptions, models: folder });
  });
  afterEach(() => server.close(0));

  test('answers, shows as ready and counts, and goes with what it is made of', async () => {
    expect((await call('health/ready')).status).toBe(200);
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }];
    expect((await call('models/e/infer', { inputs, id: 'seven' })).body).toEqual({
      model_name: 'e',
      model_version: '1',
      id: 'seven',
      outputs: [
        { name: 'out', datatype: 'FP32', shape: [1, 2], data: [3, 6] },
        { name: 'zero', datatype: 'FP32', shape: [1, 2], data: [0, 0] },
      ],
    });
    const count = async (name: string) => {
      const { model_stats } = (await call(`models/${name}/stats`)).body as unknown as Statistics;
      return model_stats.flatMap(({ inference_stats, execution_count }) => [
        inference_stats.success.count,
        execution_count,
      ]);
    };
    expect([await count('e'), await count('add')]).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect((await call('repository/models/e/unload', { parameters: { unload_dependents: 'yes' } })).status).toBe(400);
    await call('repository/models/e/unload', { parameters: { unload_dependents: true } });
    expect((await call('models/add/ready')).status).toBe(503);
    await call('repository/models/e/load', {});
    expect([(await call('models/e/ready')).status, (await call('models/add/ready')).status]).toEqual([200, 200]);
  });
});

describe('steps on another server', () => {
  const remote = {
    ...ensemble,
    steps: [ensemble.steps[0], { ...ensemble.steps[1], server: 'second' }],
  };
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }];
  const running: RunningServer[] = [];
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close(0);
  });

  async function start(models: string, more: object): Promise<RunningServer> {
    const server = await startServer({ ...serverOptions, models: join(folder, models), ...more });
    running.push(server);
    return server;
  }

  /** Two servers: the ensemble and its first step, and its second step, which asks for a key. */
  async function startBoth(scheme: 'http' | 'grpc', key: string): Promise<RunningServer> {
    for (const models of ['here', 'there']) await write(`${models}/add/1/model.onnx`, buildOnnx(addModel()));
    await write('here/e/model.json', JSON.stringify(remote));
    const entry = { name: 'first', sha256: hashKey('key-of-first').toString('hex') };
    await write('keys.json', JSON.stringify({ keys: [entry] }));
    const other = await start('there', { grpcPort: 0, apiKeys: join(folder, 'keys.json') });
    const url = scheme === 'grpc' ? `grpc://${other.grpcAddress}` : other.url;
    await write('servers.json', JSON.stringify({ second: { url, key } }));
    return start('here', { stepServers: join(folder, 'servers.json') });
  }

  const infer = async ({ url }: RunningServer) => {
    const response = await fetch(`${url}/v2/models/e/infer`, { method: 'POST', body: JSON.stringify({ inputs }) });
    return { status: response.status, body: (await response.json()) as { error?: string } };
  };

  test.each(['grpc', 'http'] as const)('are asked over %s, with their key', async (scheme) => {
    const server = await startBoth(scheme, 'key-of-first');
    expect(await infer(server)).toEqual({
      status: 200,
      body: expect.objectContaining({
        outputs: [
          { name: 'out', datatype: 'FP32', shape: [1, 2], data: [3, 6] },
          { name: 'zero', datatype: 'FP32', shape: [1, 2], data: [0, 0] },
        ],
      }),
    });
    // Gone, it is tried again, and then told.
    await running.shift()?.close(0);
    expect(await infer(server)).toEqual({
      status: 503,
      body: { error: expect.stringMatching(/^step 2 \('add'\) of model 'e': the server 'second': /) },
    });
  });

  test.each(['grpc', 'http'] as const)('that refuse the key are told of, over %s', async (scheme) => {
    const answer = await infer(await startBoth(scheme, 'another'));
    expect(answer.status).toBe(503);
    expect(answer.body.error).toMatch(/step 2 \('add'\): the server 'second': /);
    expect(answer.body.error).not.toContain('another');
  });

  test('need a host that knows them', async () => {
    await write('add/1/model.onnx', buildOnnx(addModel()));
    await write('e/model.json', JSON.stringify(remote));
    const { dataPlane, refresh } = serviceOver(folder);
    await refresh();
    expect(dataPlane.repository.resolve('e').reason).toBe(
      "step 2 ('add'): there is no server 'second': this host knows of none but itself; serve --step-servers names them",
    );
    await write('servers.json', '{"second": {"url": "ftp://somewhere"}}');
    await expect(start('.', { stepServers: join(folder, 'servers.json') })).rejects.toThrow(
      "servers.json: 'second': expected a url of http, https, grpc or grpcs",
    );
  });

  test('are asked again where that may help', async () => {
    const never = new AbortController().signal;
    const failures = [new ServiceError(503, 'busy'), new ServiceError(429, 'too many')];
    const answer = async () => {
      const failure = failures.shift();
      if (failure) throw failure;
      return 'answered';
    };
    expect(await askAgain(answer, never)).toBe('answered');
    failures.push(new ServiceError(400, 'wrong'));
    await expect(askAgain(answer, never)).rejects.toMatchObject({ status: 400 });
    failures.push(new ServiceError(503, 'busy'));
    await expect(askAgain(answer, AbortSignal.abort())).rejects.toMatchObject({ status: 504 });
  });
});

test('the log says in one line why an ensemble does not load', async () => {
  const logged: unknown[] = [];
  const keep = (fields: object) => logged.push(fields);
  await write('e/model.json', JSON.stringify(ensemble));
  await serviceOver(folder, { log: { info: keep, warn: keep, error: () => logged.push('an error') } }).refresh();
  expect(logged).toEqual([{ model: 'e', version: 1, reason: expect.stringContaining("step 1 ('add'): there is no") }]);
});

test('the command lists and inspects an ensemble, and says what else there is to do', async () => {
  await write('add/1/model.onnx', buildOnnx(addModel()));
  await write('e/model.json', JSON.stringify(ensemble));
  const { stdout } = await runCommand('models', '--models', folder, '--json');
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'add', state: 'WHOLE' },
    { name: 'e', version: '1', state: 'WHOLE', reason: '' },
  ]);
  expect((await runCommand('inspect', 'e', '--models', folder)).stdout).toBe(
    [
      'input   x FP32[N,2]',
      'output  out FP32[N,2]',
      'output  zero FP32[N,2]',
      'step 1  add: a=x, b=x → sum=twice, difference=zero',
      'step 2  add@1: a=twice, b=x → sum=out',
      '',
    ].join('\n'),
  );
  for (const words of [
    ['prepare', 'e'],
    ['tune', 'e', '--p99-ms', '5'],
    ['infer', 'e'],
  ]) {
    expect((await runCommand(...words, '--models', folder)).stderr).toContain('is made of others (add)');
  }
  await rm(join(folder, 'add'), { recursive: true });
  expect((await runCommand('models', '--models', folder)).stdout).toContain("step 1 ('add'): there is no model 'add'");
});
