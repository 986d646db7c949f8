import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { addModel, identityModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serverOptions } from '../fakes/server-options.ts';

const binary = 'application/vnd.sagemaker-triton.binary+json;json-header-size=';

describe('serve --sagemaker', () => {
  let folder: string;
  let server: RunningServer;
  const identity = buildOnnx(identityModel('FP32'));
  const write = async (path: string, content: Uint8Array = identity) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const start = async (models: string, hasRepository: boolean, memoryBudget = 1e6) => {
    server = await startServer({
      ...serverOptions,
      models: join(folder, models),
      sagemaker: { hasRepository },
      memoryBudget,
    });
  };
  const call = async (
    method: string,
    path: string,
    body?: object | Uint8Array,
    headers: Record<string, string> = {},
  ) => {
    const sent = body instanceof Uint8Array ? Buffer.from(body) : body && JSON.stringify(body);
    const response = await fetch(server.url + path, { method, headers, ...(sent && { body: sent }) });
    const content = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, headers: response.headers, content, json: isJson && JSON.parse(String(content)) };
  };
  const x = (value: number) => ({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [value] }] });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-sagemaker-'));
    await write('one/m/1/model.onnx');
    await write('two/m/1/model.onnx');
    await write('two/add/1/model.onnx', buildOnnx(addModel()));
    await write('broken/m/1/model.onnx', identity.subarray(0, 20));
    await write('archives/named/fraud/3/model.onnx');
    await write('archives/plain/1/model.onnx');
    await write('archives/bare/model.onnx');
    await write('archives/damaged/1/model.onnx', identity.subarray(0, 20));
    const nodes = [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }];
    await write('archives/unknown/1/model.onnx', buildOnnx({ ...identityModel('FP32'), nodes }));
    await mkdir(join(folder, 'archives/empty'));
  });
  afterEach(async () => {
    await server.close(0);
    const { repository } = server.dataPlane;
    for (const name of repository.names()) await repository.unload(name);
  });
  afterAll(() => rm(folder, { recursive: true }));

  describe('with a model of its own', () => {
    test('answers /ping with nothing once it is ready, and runs the only model', async () => {
      await start('one', true);
      const ping = await call('GET', '/ping');
      expect([ping.status, ping.content.length]).toEqual([200, 0]);
      const { status, json } = await call('POST', '/invocations', x(3), { 'content-type': 'application/json' });
      expect([status, json.outputs[0].data]).toEqual([200, [3]]);
    });

    test('is not ready where its model does not load, and says why', async () => {
      await start('broken', true);
      expect(await call('GET', '/ping')).toMatchObject({
        status: 503,
        json: { error: expect.stringMatching(/^not ready: .*model 'm'/) },
      });
    });

    test('takes binary tensors, and gives them, by the media type alone', async () => {
      await start('one', true);
      const head = JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP32', shape: [2], parameters: { binary_data_size: 8 } }],
        parameters: { binary_data_output: true },
      });
      const data = new Uint8Array(Float32Array.of(1, 2).buffer);
      const body = Buffer.concat([Buffer.from(head), data]);
      const answer = await call('POST', '/invocations', body, { 'content-type': `${binary}${head.length}` });
      const [, bytes] = (answer.headers.get('content-type') ?? '').split(binary);
      expect(JSON.parse(String(answer.content.subarray(0, Number(bytes)))).outputs[0].shape).toEqual([2]);
      expect([...answer.content.subarray(Number(bytes))]).toEqual([...data]);
      const raw = await call('POST', '/invocations', data, { 'content-type': `${binary}0` });
      expect([...raw.content.subarray(-8)]).toEqual([...data]);
      expect(await call('POST', '/invocations', body, { 'content-type': binary.split(';')[0] ?? '' })).toMatchObject({
        status: 400,
        json: { error: expect.stringContaining('expected application/vnd.sagemaker-triton.binary+json;json-header') },
      });
    });

    test('with several models, runs the one that the header names, as its archive or by its name', async () => {
      await start('two', true);
      const to = (target: string) => call('POST', '/invocations', x(4), { 'x-amzn-sagemaker-target-model': target });
      for (const target of ['m', 'm.tar.gz', 'folder/m.tar.gz'])
        expect((await to(target)).json).toMatchObject({ model_name: 'm' });
      expect((await to('none')).status).toBe(404);
      expect(await call('POST', '/invocations', x(4))).toMatchObject({
        status: 400,
        json: {
          error: 'the server has 2 models (add, m): name one in the header X-Amzn-SageMaker-Target-Model',
        },
      });
    });

    test('loads others beside it, whose names it does not have', async () => {
      await start('one', true);
      const url = join(folder, 'archives/plain');
      expect((await call('POST', '/models', { model_name: 'm', url })).status).toBe(409);
      expect((await call('POST', '/models', { model_name: 'other', url })).status).toBe(200);
      expect((await call('GET', '/models')).json).toEqual({ models: [{ modelName: 'other', modelUrl: url }] });
      expect((await call('POST', '/models/m/invoke', x(1))).status).toBe(404);
      expect((await call('POST', '/v2/models/m/infer', x(1))).status).toBe(200);
    });
  });

  describe('with models that SageMaker brings', () => {
    const load = (name: unknown, archive: string) =>
      call('POST', '/models', { model_name: name, url: join(folder, 'archives', archive) });

    test('is there without a model, and loads, lists, runs and unloads what it is told to', async () => {
      await start('not-there', false);
      expect((await call('GET', '/ping')).status).toBe(200);
      expect((await call('GET', '/models')).json).toEqual({ models: [] });
      const named = { modelName: 'a1f0', modelUrl: join(folder, 'archives/named') };
      expect(await load('a1f0', 'named')).toMatchObject({ status: 200, json: named });
      expect((await load('b2e1', 'plain')).status).toBe(200);
      expect((await load('a1f0', 'named')).status).toBe(409);
      expect((await call('GET', '/models')).json.models).toEqual([
        named,
        { modelName: 'b2e1', modelUrl: join(folder, 'archives/plain') },
      ]);
      expect((await call('GET', '/models/a1f0')).json).toEqual(named);
      const target = { 'x-amzn-sagemaker-target-model': 'fraud.tar.gz' };
      expect((await call('POST', '/models/a1f0/invoke', x(7), target)).json).toMatchObject({
        model_name: 'a1f0',
        model_version: '3',
        outputs: [{ data: [7] }],
      });
      expect((await call('DELETE', '/models/a1f0')).status).toBe(200);
      for (const [method, path] of [
        ['GET', '/models/a1f0'],
        ['DELETE', '/models/a1f0'],
        ['POST', '/models/a1f0/invoke'],
      ] as const)
        expect((await call(method, path, method === 'POST' ? x(1) : undefined)).status).toBe(404);
      expect((await call('POST', '/models/b2e1/invoke', x(8))).json.outputs[0].data).toEqual([8]);
      expect((await load('a1f0', 'named')).status).toBe(200);
    });

    test('has 507 where there is no memory, without taking it from another, and loads once there is', async () => {
      await start('not-there', false, identity.length + 10);
      expect((await load('first', 'named')).status).toBe(200);
      expect(await load('second', 'plain')).toMatchObject({
        status: 507,
        json: { error: expect.stringMatching(/'second' takes \d+ bytes, and \d+ of the budget are free/) },
      });
      expect((await call('GET', '/models')).json.models).toHaveLength(1);
      expect((await call('POST', '/models/first/invoke', x(1))).status).toBe(200);
      await call('DELETE', '/models/first');
      expect((await load('second', 'plain')).status).toBe(200);
    });

    test.each([
      ['bare', "expected one model, as <name>/1/model.onnx or 1/model.onnx in it; found 'model.onnx' lies in no"],
      ['damaged', "model 'damaged' version 1: model.onnx is not an ONNX file"],
      ['empty', 'found none'],
      ['not-there', 'found none'],
      ['.', 'expected one model'],
    ])('refuses %s with 400', async (archive, message) => {
      await start('not-there', false);
      expect(await load('m', archive)).toMatchObject({
        status: 400,
        json: { error: expect.stringContaining(message) },
      });
      expect((await call('GET', '/models')).json).toEqual({ models: [] });
    });

    test('forgets a model that does not load, and says why', async () => {
      await start('not-there', false);
      expect(await load('m', 'unknown')).toMatchObject({
        status: 503,
        json: { error: expect.stringContaining('NoSuchOperator') },
      });
      expect((await call('GET', '/models/m')).status).toBe(404);
      expect((await load('m', 'plain')).status).toBe(200);
    });

    test.each([
      [{ url: '/x' }, "field 'model_name': expected text, got nothing"],
      [{ model_name: 'm', url: 1 }, "field 'url': expected text, got 1"],
      [{ model_name: 'm', url: 'archives/plain' }, "'archives/plain': expected the absolute path of a folder"],
      [{ model_name: '../m', url: '/x' }, "'../m' is no name for a model"],
    ])('refuses %j with 400', async (body, message) => {
      await start('not-there', false);
      expect(await call('POST', '/models', body)).toMatchObject({ status: 400, json: { error: message } });
    });

    test('two loads of one name at once are one load and a conflict', async () => {
      await start('not-there', false);
      const both = await Promise.all([load('m', 'plain'), load('m', 'plain')]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    });
  });
});
