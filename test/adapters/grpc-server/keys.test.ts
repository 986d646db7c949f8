import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import { identityModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';

const entry = (name: string, more = {}) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });
const inferOf = (model: string) => ({
  model_name: model,
  inputs: [{ name: 'x', datatype: 'INT32', shape: [1] }],
  raw_input_contents: [Buffer.from(Int32Array.of(7).buffer)],
});

describe('gRPC with --api-keys', () => {
  let folder: string;
  let grpc: StartedGrpc;
  const codeOf = (method: string, request: object, headers = {}) =>
    grpc.client.call(method, request, {}, headers).then(
      () => status.OK,
      (error) => error.code,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-keys-'));
    const apiKeys = join(folder, 'keys.json');
    const all = { actions: ['infer', 'metadata', 'manage'] };
    await writeFile(apiKeys, JSON.stringify({ keys: [entry('all', all), entry('one', { models: ['m'] })] }));
    grpc = await startGrpc({ m: identityModel('INT32'), n: identityModel('INT32') }, {}, { apiKeys });
  });
  afterAll(async () => {
    await grpc.end();
    await rm(folder, { recursive: true });
  });

  test('only what says that the server is there is answered without a key', async () => {
    const { UNAUTHENTICATED, OK } = status;
    for (const method of ['ServerLive', 'ServerReady', 'Check']) expect(await codeOf(method, {})).toBe(OK);
    const others = {
      ModelInfer: inferOf('m'),
      ServerMetadata: {},
      ModelReady: { name: 'm' },
      ModelMetadata: { name: 'm' },
      ModelConfig: { name: 'm' },
      ModelStatistics: { name: 'm' },
      RepositoryIndex: {},
      RepositoryModelLoad: { model_name: 'm' },
      RepositoryModelUnload: { model_name: 'm' },
      SystemSharedMemoryStatus: {},
    };
    for (const [method, request] of Object.entries(others)) {
      expect([method, await codeOf(method, request)]).toEqual([method, UNAUTHENTICATED]);
      expect([method, await codeOf(method, request, { 'x-api-key': 'key-of-none' })]).toEqual([
        method,
        UNAUTHENTICATED,
      ]);
    }
  });

  test.each([{ 'x-api-key': 'key-of-one' }, { authorization: 'Bearer key-of-one' }])(
    'a key that comes as %j is good for its models and actions alone',
    async (headers) => {
      expect(await codeOf('ModelInfer', inferOf('m'), headers)).toBe(status.OK);
      expect(await codeOf('ModelInfer', inferOf('n'), headers)).toBe(status.PERMISSION_DENIED);
      expect(await codeOf('RepositoryModelUnload', { model_name: 'm' }, headers)).toBe(status.PERMISSION_DENIED);
      expect(await codeOf('ModelStatistics', {}, headers)).toBe(status.PERMISSION_DENIED);
      expect(await codeOf('RepositoryIndex', {}, { 'x-api-key': 'key-of-all' })).toBe(status.OK);
    },
  );

  test('each request of a stream is asked for its key', async () => {
    const stream = grpc.client.stream();
    const answers: { error_message: string }[] = [];
    stream.on('data', (answer) => answers.push(answer));
    const ended = new Promise((resolve) => stream.on('end', resolve));
    stream.write(inferOf('m'));
    stream.end();
    await ended;
    expect(answers).toMatchObject([{ error_message: expect.stringContaining('an API key is needed') }]);
  });
});
