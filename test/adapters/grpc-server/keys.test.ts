import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import { identityModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';

const entry = (name: string, more = {}) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });
const infer = (model: string) => ({
  model_name: model,
  inputs: [{ name: 'x', datatype: 'UINT8', shape: [1] }],
  raw_input_contents: [Buffer.of(1)],
});

test('keys may be needed by gRPC alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-keys-'));
  const grpcApiKeys = join(folder, 'keys.json');
  await writeFile(grpcApiKeys, JSON.stringify({ keys: [entry('all')] }));
  const { client, server, end } = await startGrpc({ m: identityModel('UINT8') }, {}, { grpcApiKeys });
  await expect(client.call('ModelInfer', infer('m'))).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  await client.call('ModelInfer', infer('m'), {}, { 'x-api-key': 'key-of-all' });
  expect((await fetch(`${server.url}/v2/models/m`)).status).toBe(200);
  // Who is refused is counted too, as over HTTP.
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics.match(/^tensorgate_grpc_answers_total.*$/gm)?.sort()).toEqual([
    'tensorgate_grpc_answers_total{code="0"} 1',
    'tensorgate_grpc_answers_total{code="16"} 1',
  ]);
  await end();
  await rm(folder, { recursive: true });
});

describe('API keys over gRPC', () => {
  let folder: string;
  let grpc: StartedGrpc;
  const codeOf = (method: string, request: object, headers: Record<string, string> = {}) =>
    grpc.client.call(method, request, {}, headers).then(
      () => status.OK,
      (error) => error.code,
    );
  const all = { authorization: 'Bearer key-of-all' };
  const one = { 'x-api-key': 'key-of-one' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-keys-'));
    const file = join(folder, 'keys.json');
    const keys = [entry('all', { actions: ['infer', 'read', 'admin'] }), entry('one', { models: ['m'] })];
    await writeFile(file, JSON.stringify({ keys }));
    grpc = await startGrpc({ m: identityModel('UINT8'), n: identityModel('UINT8') }, {}, { apiKeys: file });
  });
  afterAll(async () => {
    await grpc.end();
    await rm(folder, { recursive: true });
  });

  test('nothing but health is to be had without a key', async () => {
    const open = ['ServerLive', 'ServerReady', 'Check'];
    for (const method of open) expect([method, await codeOf(method, {})]).toEqual([method, status.OK]);
    const methods = [
      'ServerMetadata',
      'ModelReady',
      'ModelMetadata',
      'ModelConfig',
      'ModelStatistics',
      'RepositoryIndex',
    ];
    for (const method of [...methods, 'ModelInfer', 'RepositoryModelLoad', 'RepositoryModelUnload', 'TraceSetting']) {
      expect([method, await codeOf(method, {})]).toEqual([method, status.UNAUTHENTICATED]);
      expect([method, await codeOf(method, {}, { 'x-api-key': 'of nobody' })]).toEqual([
        method,
        status.UNAUTHENTICATED,
      ]);
    }
    const [failure] = await once(grpc.client.stream(), 'error');
    expect(failure).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: expect.stringContaining('an API key is needed'),
    });
  });

  test('a key is good for what it says', async () => {
    expect(await codeOf('ModelInfer', infer('m'), one)).toBe(status.OK);
    expect(await codeOf('ModelInfer', infer('n'), one)).toBe(status.PERMISSION_DENIED);
    expect(await codeOf('ModelMetadata', { name: 'n' }, one)).toBe(status.PERMISSION_DENIED);
    const { model_stats } = await grpc.client.call('ModelStatistics', {}, {}, one);
    expect(model_stats).toEqual([expect.objectContaining({ name: 'm' })]);
    const { models } = await grpc.client.call('RepositoryIndex', {}, {}, one);
    expect(models).toEqual([expect.objectContaining({ name: 'm' })]);
    expect(await codeOf('ServerMetadata', {}, one)).toBe(status.OK);
    expect(await codeOf('RepositoryModelUnload', { model_name: 'm' }, one)).toBe(status.PERMISSION_DENIED);
    expect(await codeOf('ModelInfer', infer('n'), all)).toBe(status.OK);
    expect(await codeOf('RepositoryModelLoad', { model_name: 'm' }, all)).toBe(status.OK);
  });

  test('in a stream each request is checked', async () => {
    const stream = grpc.client.stream(one);
    const answers: unknown[] = [];
    stream.on('data', ({ error_message }) => answers.push(error_message));
    for (const model of ['m', 'n', 'm']) stream.write(infer(model));
    stream.end();
    await once(stream, 'end');
    expect(answers).toEqual(['', expect.stringContaining("the API key 'one' is not good for model 'n'"), '']);
  });

  test('a caller without a key is refused before the message is read', async () => {
    const session = connect(`http://${grpc.address}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/inference.GRPCInferenceService/ModelInfer',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const [headers] = await once(stream, 'response');
    expect(headers['grpc-status']).toBe(String(status.UNAUTHENTICATED));
    stream.close();
    session.close();
  });
});
