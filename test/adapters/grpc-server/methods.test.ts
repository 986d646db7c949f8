import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addModel, zipMapModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';
import type { TestClient } from './test-client.ts';

describe('inference.GRPCInferenceService', () => {
  let grpc: StartedGrpc;
  const call: TestClient['call'] = (...words) => grpc.client.call(...words);

  beforeAll(async () => {
    grpc = await startGrpc(
      { add: addModel(), zip: zipMapModel(['a', 'b', 'c']) },
      {},
      {
        settings: { add: { versionPolicy: 'all' } },
      },
    );
  });
  afterAll(() => grpc.end());

  test('tells of the server', async () => {
    expect(await call('ServerLive')).toEqual({ live: true });
    expect(await call('ServerReady')).toEqual({ ready: true });
    const { name, version, extensions } = await call('ServerMetadata');
    const overHttp = await (await fetch(`${grpc.server.url}/v2`)).json();
    expect({ name, version, extensions }).toEqual(overHttp);
  });

  test('tells of a model', async () => {
    expect(await call('ModelReady', { name: 'add' })).toEqual({ ready: true });
    expect(await call('ModelReady', { name: 'add', version: '1' })).toEqual({ ready: true });
    expect(await call('ModelReady', { name: 'add', version: '2' })).toEqual({ ready: false });
    expect(await call('ModelReady', { name: 'none' })).toEqual({ ready: false });
    const value = { datatype: 'FP32', shape: [-1, 2] };
    expect(await call('ModelMetadata', { name: 'add' })).toEqual({
      name: 'add',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'a', ...value },
        { name: 'b', ...value },
      ],
      outputs: [
        { name: 'sum', ...value },
        { name: 'difference', ...value },
      ],
    });
  });

  test('tells how a model is set up, as over HTTP', async () => {
    const { config } = await call('ModelConfig', { name: 'add' });
    const overHttp = (await (await fetch(`${grpc.server.url}/v2/models/add/config`)).json()) as object;
    expect(config).toMatchObject(overHttp);
    expect(overHttp).toMatchObject({ version_policy: { all: {} }, input: [{ data_type: 'TYPE_FP32' }, { name: 'b' }] });
  });

  test('counts what it answers and what it refuses', async () => {
    const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [3, 2] });
    const request = {
      model_name: 'add',
      inputs: [tensor('a'), tensor('b')],
      raw_input_contents: [Buffer.alloc(24), Buffer.alloc(24)],
    };
    const statistics = async () => (await call('ModelStatistics', { name: 'add' })).model_stats[0];
    const before = await statistics();
    await call('ModelInfer', request);
    await expect(call('ModelInfer', { ...request, raw_input_contents: [Buffer.alloc(24)] })).rejects.toThrow(
      '1 entries',
    );
    const after = await statistics();
    expect(after.inference_count - before.inference_count).toBe(3);
    expect(after.execution_count - before.execution_count).toBe(1);
    for (const [what, count] of Object.entries({
      success: 1,
      fail: 1,
      queue: 1,
      compute_input: 1,
      compute_infer: 1,
      cache_hit: 0,
    })) {
      expect([what, after.inference_stats[what].count - before.inference_stats[what].count]).toEqual([what, count]);
    }
    expect(after.inference_stats.success.ns).toBeGreaterThan(before.inference_stats.success.ns);
    expect((await call('ModelStatistics')).model_stats.map(({ name }: { name: string }) => name)).toEqual([
      'add',
      'zip',
    ]);
  });

  test('lists, unloads and loads', async () => {
    const ready = async () => (await call('RepositoryIndex', { ready: true })).models;
    const entry = (name: string) => ({ name, version: '1', state: 'READY', reason: '' });
    expect(await ready()).toEqual([entry('add'), entry('zip')]);
    await call('RepositoryModelUnload', { model_name: 'zip' });
    expect(await ready()).toEqual([entry('add')]);
    expect((await call('RepositoryIndex')).models).toMatchObject([
      { name: 'add' },
      { name: 'zip', state: 'UNAVAILABLE', reason: 'unloaded' },
    ]);
    await expect(call('ModelInfer', { model_name: 'zip' })).rejects.toMatchObject({ code: status.UNAVAILABLE });
    const parameters = { config: { string_param: '{}' } };
    await expect(call('RepositoryModelLoad', { model_name: 'zip', parameters })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('load takes no parameters'),
    });
    await call('RepositoryModelLoad', { model_name: 'zip' });
    expect(await ready()).toEqual([entry('add'), entry('zip')]);
    await expect(call('RepositoryModelLoad', { model_name: 'none' })).rejects.toMatchObject({ code: status.NOT_FOUND });
    for (const method of ['RepositoryIndex', 'RepositoryModelLoad', 'RepositoryModelUnload']) {
      await expect(call(method, { repository_name: 'other', model_name: 'add' })).rejects.toMatchObject({
        code: status.UNIMPLEMENTED,
        details: "repository_name: there is one repository, which has no name; got 'other'",
      });
    }
  });

  test.each([
    ['SystemSharedMemoryStatus', 'shared memory'],
    ['SystemSharedMemoryRegister', 'shared memory'],
    ['SystemSharedMemoryUnregister', 'shared memory'],
    ['CudaSharedMemoryStatus', 'shared memory'],
    ['CudaSharedMemoryRegister', 'shared memory'],
    ['CudaSharedMemoryUnregister', 'shared memory'],
    ['TraceSetting', 'traced'],
    ['LogSettings', '--log-level'],
  ])('%s is refused with a reason', async (method, reason) => {
    await expect(call(method)).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
      details: expect.stringContaining(reason),
    });
  });

  test('a failure says which request it was, and when to come again', async () => {
    const failure = await call('ModelMetadata', { name: 'none' }, {}, { 'x-request-id': 'mine-7' }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: status.NOT_FOUND, details: expect.stringContaining("no model 'none'") });
    expect(failure.metadata.get('x-request-id')).toEqual(['mine-7']);
    await call('RepositoryModelUnload', { model_name: 'zip' });
    const busy = await call('ModelInfer', { model_name: 'zip' }).catch((error) => error);
    expect(busy.metadata.get('retry-after')).toEqual(['1']);
    await call('RepositoryModelLoad', { model_name: 'zip' });
  });
});
