import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { printWelcome } from '../../cli/welcome.ts';
import { loadProto } from '../../src/adapters/grpc-server/load-proto.ts';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serverOptions } from '../fakes/server-options.ts';

const { ModelInfer } = loadProto()['inference.GRPCInferenceService'] as ServiceDefinition;
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

async function overHttp(x: number, parameters: object): Promise<unknown> {
  const body = JSON.stringify({ parameters, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [x] }] });
  const response = await fetch(`${server.url}/v2/models/m/infer`, { method: 'POST', body });
  const { error, model_version, outputs } = (await response.json()) as {
    readonly error?: string;
    readonly model_version: string;
    readonly outputs: readonly { readonly data: readonly number[] }[];
  };
  return error ?? [model_version, outputs[0]?.data[0]];
}

function overGrpc(x: number, parameters: object, version = ''): Promise<unknown> {
  const raw_input_contents = [Buffer.from(Float32Array.of(x).buffer)];
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1] }];
  const request = { model_name: 'm', model_version: version, parameters, inputs, raw_input_contents };
  const { path, requestSerialize, responseDeserialize } = ModelInfer as ServiceDefinition[string];
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) => {
      const { model_version, raw_output_contents } = (answer ?? {}) as Record<string, string & Buffer[]>;
      resolve(error ? error.details : [model_version, raw_output_contents?.[0]?.readFloatLE(0)]);
    });
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

test('the command gives no example of a call that would need a sequence', async () => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await printWelcome(server, { models: folder });
  const lines = print.mock.calls.flat().join('\n');
  print.mockRestore();
  expect(lines).toContain(': x FP32[N] → sum FP32[N]');
  expect(lines).not.toContain('try it');
});
