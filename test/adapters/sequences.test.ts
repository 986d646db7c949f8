import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, Metadata, type ServiceDefinition } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { printWelcome } from '../../cli/welcome.ts';
import { hashKey } from '../../src/adapters/api-keys/hash-key.ts';
import { loadProto } from '../../src/adapters/grpc-server/load-proto.ts';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serverOptions } from '../fakes/server-options.ts';

const { ModelInfer, ModelStreamInfer } = loadProto()['inference.GRPCInferenceService'] as ServiceDefinition;
let folder: string;
let server: RunningServer;
let client: Client;

/** sum = x + s, in FP32 [n]: a running sum of what each request brings. */
const runningSum = buildOnnx({
  inputs: ['x', 's'].map((name) => ({ name, datatype: 'FP32', shape: ['n'] })),
  outputs: ['sum', 'next'].map((name) => ({ name, datatype: 'FP32', shape: ['n'] })),
  nodes: [
    { op: 'Add', inputs: ['x', 's'], outputs: ['sum'] },
    { op: 'Identity', inputs: ['sum'], outputs: ['next'] },
  ],
});

async function writeVersion(version: number): Promise<void> {
  await mkdir(join(folder, 'm', String(version)), { recursive: true });
  await writeFile(join(folder, 'm', String(version), 'model.onnx'), runningSum);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-'));
  await writeVersion(1);
  await writeFile(join(folder, 'm/model.json'), '{"sequence": {"state": [{"input": "s", "output": "next"}]}}');
  server = await startServer({ ...serverOptions, models: folder, grpcPort: 0 });
  client = new Client(server.grpcAddress as string, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.close(0);
  await rm(folder, { recursive: true });
});

async function overHttp(x: number, parameters: object, key = '', { url } = server): Promise<unknown> {
  const body = JSON.stringify({ parameters, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [x] }] });
  const response = await fetch(`${url}/v2/models/m/infer`, { method: 'POST', body, headers: { 'x-api-key': key } });
  const { error, model_version, outputs } = (await response.json()) as {
    readonly error?: string;
    readonly model_version: string;
    readonly outputs: readonly { readonly data: readonly number[] }[];
  };
  return error ?? [model_version, outputs[0]?.data[0]];
}

function requestOf(x: number, parameters: object, version = ''): object {
  const raw_input_contents = [Buffer.from(Float32Array.of(x).buffer)];
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1] }];
  return { model_name: 'm', model_version: version, parameters, inputs, raw_input_contents };
}

interface GrpcAnswer {
  readonly model_version: string;
  readonly raw_output_contents: readonly Buffer[];
}

const answerOf = ({ model_version, raw_output_contents }: GrpcAnswer) => [
  model_version,
  raw_output_contents[0]?.readFloatLE(0),
];

function overGrpc(x: number, parameters: object, version = ''): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = ModelInfer as ServiceDefinition[string];
  const request = requestOf(x, parameters, version);
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
      resolve(error ? error.details : answerOf(answer as GrpcAnswer)),
    );
  });
}

/** One request of a stream of its own. */
function overStream(x: number, parameters: object, key: string, streaming: Client): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = ModelStreamInfer as ServiceDefinition[string];
  const metadata = new Metadata();
  metadata.set('x-api-key', key);
  return new Promise((resolve, reject) => {
    const stream = streaming.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    stream.on('error', reject);
    stream.on('data', ({ error_message, infer_response }) => resolve(error_message || answerOf(infer_response)));
    stream.write(requestOf(x, parameters));
    stream.end();
  });
}

test('a sequence goes on over HTTP and gRPC alike, with the version that began it', async () => {
  const id = { sequence_id: { int64_param: 7 } };
  expect(await overHttp(1, { sequence_id: 7, sequence_start: true })).toEqual(['1', 1]);
  expect(await overGrpc(2, id)).toEqual(['1', 3]);
  await writeVersion(2);
  await server.dataPlane.repository.refresh();
  expect(await overHttp(4, { sequence_id: 7 })).toEqual(['1', 7]);
  expect(await overGrpc(4, id, '2')).toContain('the sequence was begun by version 1');
  expect(await overGrpc(8, { ...id, sequence_end: { bool_param: true } })).toEqual(['1', 15]);
  expect(await overGrpc(1, { ...id, sequence_start: { bool_param: true } })).toEqual(['2', 1]);
  expect(await overHttp(1, {})).toContain('name the sequence by the parameter sequence_id');
});

test('a key has sequences of its own, over HTTP and in streams of gRPC', async () => {
  const keys = ['alice', 'bob'].map((name) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex') }));
  const apiKeys = join(folder, 'keys.json');
  await writeFile(apiKeys, JSON.stringify({ keys }));
  const options = { ...serverOptions, models: folder, grpcPort: 0, apiKeys };
  const guarded = await startServer(options);
  const streaming = new Client(guarded.grpcAddress as string, credentials.createInsecure());
  const ask = async (name: string, x: number, more = {}) => {
    const answer = await overHttp(x, { sequence_id: 1, ...more }, `key-of-${name}`, guarded);
    return Array.isArray(answer) ? answer[1] : answer;
  };
  const stream = async (name: string, x: number, more = {}) => {
    const answer = await overStream(x, { sequence_id: { int64_param: 1 }, ...more }, `key-of-${name}`, streaming);
    return Array.isArray(answer) ? answer[1] : answer;
  };
  expect(await ask('alice', 1000, { sequence_start: true })).toBe(1000);
  expect(await ask('bob', 1)).toContain('sequence 1 of model');
  expect(await stream('bob', 1)).toContain('sequence 1 of model');
  expect(await stream('bob', 5, { sequence_start: { bool_param: true } })).toBe(5);
  expect(await stream('alice', 1)).toBe(1001);
  expect(await ask('bob', 1, { sequence_end: true })).toBe(6);
  expect(await ask('alice', 1)).toBe(1002);
  streaming.close();
  await guarded.close(0);
});

test('the command gives no example of a call that would need a sequence', async () => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await printWelcome(server, { models: folder });
  const lines = print.mock.calls.flat().join('\n');
  print.mockRestore();
  expect(lines).toContain(': x FP32[N] → sum FP32[N]');
  expect(lines).not.toContain('try it');
});
