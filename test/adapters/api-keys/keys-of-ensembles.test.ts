import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { TestClient } from '../grpc-server/test-client.ts';
import { identityModel } from '../models.ts';

const entry = (name: string, more: object) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });
const identity = (model: string) => ({
  inputs: ['x'],
  outputs: ['y'],
  steps: [{ model, inputs: { x: 'x' }, outputs: { y: 'y' } }],
});

describe('keys of a server with ensembles', () => {
  let folder: string;
  let server: RunningServer;
  let grpc: TestClient;
  const call = async (method: string, path: string, key?: string, body?: object) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': `key-of-${key}` };
    const response = await fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, text: await response.text() };
  };
  const isReady = async (model: string) => (await call('GET', `/v2/models/${model}/ready`, 'all')).status === 200;
  const readiness = async () => ({ whole: await isReady('whole'), part: await isReady('part') });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-keys-'));
    const models = join(folder, 'models');
    await mkdir(join(models, 'part/1'), { recursive: true });
    await writeFile(join(models, 'part/1/model.onnx'), buildOnnx(identityModel('FP32')));
    await mkdir(join(models, 'whole'));
    await writeFile(join(models, 'whole/model.json'), JSON.stringify(identity('part')));
    const file = join(folder, 'keys.json');
    const keys = [
      entry('all', { actions: ['read', 'admin'] }),
      entry('one', { models: ['whole'], actions: ['read', 'admin'] }),
      entry('both', { models: ['whole', 'part'], actions: ['admin'] }),
    ];
    await writeFile(file, JSON.stringify({ keys }));
    server = await startServer({ ...serverOptions, models, grpcPort: 0, apiKeys: file });
    grpc = new TestClient(server.grpcAddress ?? '');
  });
  afterAll(async () => {
    grpc.close();
    await server.close(0);
    const { repository } = server.dataPlane;
    for (const name of repository.names()) await repository.unload(name);
    await rm(folder, { recursive: true });
  });

  test('a key for an ensemble does not unload the models that it is made of', async () => {
    const path = '/v2/repository/models/whole/unload';
    const parameters = { unload_dependents: true };
    const refused = await call('POST', path, 'one', { parameters });
    expect(refused).toEqual({ status: 403, text: expect.stringContaining("is not good for model 'part'") });
    const overGrpc = grpc.call(
      'RepositoryModelUnload',
      { model_name: 'whole', parameters: { unload_dependents: { bool_param: true } } },
      {},
      { 'x-api-key': 'key-of-one' },
    );
    await expect(overGrpc).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    expect(await readiness()).toEqual({ whole: true, part: true });
    expect((await call('POST', path, 'one')).status).toBe(200);
    expect(await readiness()).toEqual({ whole: false, part: true });
    expect((await call('POST', path, 'both', { parameters })).status).toBe(200);
    expect(await readiness()).toEqual({ whole: false, part: false });
    expect((await call('POST', '/v2/repository/models/whole/load', 'one')).status).toBe(200);
    expect(await readiness()).toEqual({ whole: true, part: true });
  });

  test('readiness, which needs no key, names no model', async () => {
    await writeFile(join(folder, 'models/part/1/model.onnx'), 'broken');
    await server.dataPlane.repository.unload('part');
    expect((await call('POST', '/v2/repository/models/part/load', 'all')).status).toBe(503);
    const { status: code, text } = await call('GET', '/v2/health/ready');
    expect([code, text]).toEqual([503, expect.stringContaining('not ready: POST /v2/repository/index says why')]);
    expect(text).not.toMatch(/part|whole/);
  });
});
