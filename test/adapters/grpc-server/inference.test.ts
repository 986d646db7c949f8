import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InputTensor } from '../../../src/protocol/inference.ts';
import { referenceCodec } from '../../grpc/reference-codec.ts';
import { rawContents, typedContents } from '../../grpc/tensors.ts';
import { addModel, endlessModel, identityModel, zipMapModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';

const of = (name: string, values: { buffer: ArrayBufferLike }, datatype: string, shape: number[]) =>
  ({ name, datatype, shape, data: new Uint8Array(values.buffer) }) as InputTensor;
const tensors: InputTensor[] = [
  of('x', Uint8Array.of(1, 0, 1), 'BOOL', [3]),
  of('x', Int8Array.of(-128, 127), 'INT8', [2]),
  of('x', Int16Array.of(-32768, 32767), 'INT16', [2]),
  of('x', Int32Array.of(-(2 ** 31), 2 ** 31 - 1), 'INT32', [2]),
  of('x', BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n), 'INT64', [2]),
  of('x', Uint8Array.of(0, 255), 'UINT8', [2]),
  of('x', Uint16Array.of(0, 65535), 'UINT16', [2]),
  of('x', Uint32Array.of(0, 2 ** 32 - 1), 'UINT32', [2]),
  of('x', BigUint64Array.of(0n, 2n ** 64n - 1n), 'UINT64', [2]),
  of('x', Float32Array.of(0.1, -1e38), 'FP32', [2]),
  of('x', Float64Array.of(0.1, -1e308), 'FP64', [2]),
  { name: 'x', datatype: 'BYTES', shape: [2], data: [Buffer.from('größe'), new Uint8Array(0)] },
  of('x', Float32Array.of(), 'FP32', [0]),
];
const halves = ['FP16', 'BF16'].map((datatype) => of('x', Uint16Array.of(1, 0x3c00), datatype, [2]));
const loop = (count: bigint) => ({
  model_name: 'endless',
  inputs: [{ name: 'n', datatype: 'INT64', shape: [] }],
  raw_input_contents: [Buffer.from(BigInt64Array.of(count).buffer)],
});

describe('ModelInfer', () => {
  let grpc: StartedGrpc;
  const infer = (...[request, ...more]: [object, object?]) => grpc.client.call('ModelInfer', request, ...more);

  beforeAll(async () => {
    const identities = [...tensors, ...halves].map(({ datatype }) => [datatype.toLowerCase(), identityModel(datatype)]);
    const models = { add: addModel(), endless: endlessModel(), zip: zipMapModel(['low', 'high', 'none']) };
    const releases = {
      fp32: { $versions: { 1: { deprecated: 'use fp64', deprecatedAt: '2026-11-29T07:00:00Z' } } },
      fp64: { production: 1 },
    };
    grpc = await startGrpc({ ...Object.fromEntries(identities), ...models }, {}, { releases });
  });
  afterAll(() => grpc.end());

  test.each([...tensors, ...halves])('takes and gives raw $datatype $shape', async (tensor) => {
    const { data: _, ...head } = tensor;
    const request = {
      model_name: tensor.datatype.toLowerCase(),
      id: '7',
      inputs: [head],
      raw_input_contents: [rawContents(tensor)],
    };
    const answer = await infer(request);
    expect(answer).toMatchObject({ model_name: request.model_name, model_version: '1', id: '7' });
    expect(answer.outputs).toEqual([{ ...head, name: 'y', parameters: {}, contents: null }]);
    expect(answer.raw_output_contents).toEqual([rawContents(tensor)]);
  });

  test('says behind an answer which version gave it, by which alias, and whether that is deprecated', async () => {
    const ask = async (name: string, data: Buffer) => {
      const inputs = [{ name: 'x', datatype: name.toUpperCase(), shape: [1] }];
      const call = grpc.client.start('ModelInfer', { model_name: name, inputs, raw_input_contents: [data] });
      await call.answer;
      return (await call.trailers).getMap();
    };
    expect(await ask('fp32', Buffer.alloc(4))).toMatchObject({
      'x-tensorgate-version': '1',
      deprecation: '@1795935600',
      warning: '299 tensorgate "model \'fp32\' version 1 is deprecated: use fp64"',
    });
    const aliased = await ask('fp64', Buffer.alloc(8));
    expect(aliased).toMatchObject({ 'x-tensorgate-version': '1', 'x-tensorgate-alias': 'production' });
    expect(aliased).not.toHaveProperty('deprecation');
  });

  test.each(tensors)('takes and gives typed $datatype $shape', async (tensor) => {
    const { data: _, ...head } = tensor;
    const parameters = { binary_data_output: { bool_param: false } };
    const request = {
      model_name: tensor.datatype.toLowerCase(),
      parameters,
      inputs: [{ ...head, contents: typedContents(tensor) }],
    };
    const bytes = await grpc.client.encoded('ModelInfer', referenceCodec.encodeRequest(request));
    const answer = referenceCodec.decodeResponse(bytes);
    expect(answer.raw_output_contents).toEqual([]);
    expect(answer.outputs[0]?.contents).toMatchObject(typedContents(tensor));
  });

  test('answers typed contents raw, as Triton does, unless it is told otherwise', async () => {
    const input = { name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } };
    const answer = await infer({ model_name: 'fp32', inputs: [input] });
    expect(answer.raw_output_contents).toEqual([Buffer.from(Float32Array.of(1).buffer)]);
  });

  test('answers the outputs that are asked for, and their best classes', async () => {
    const two = { datatype: 'FP32', shape: [1, 2] };
    const contents = (...values: number[]) => ({ fp32_contents: values });
    const inputs = [
      { name: 'b', ...two, contents: contents(1, 9) },
      { name: 'a', ...two, contents: contents(5, 5) },
    ];
    const parameters = { classification: { int64_param: 1 } };
    const answer = await infer({ model_name: 'add', inputs, outputs: [{ name: 'difference', parameters }] });
    expect(answer.outputs).toMatchObject([{ name: 'difference', datatype: 'BYTES', shape: [1, 1] }]);
    expect(answer.raw_output_contents[0].subarray(4).toString()).toBe('4:0');
  });

  test('tells the keys of what was a map', async () => {
    const input = { name: 'scores', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: [1, 2, 3] } };
    const answer = await infer({ model_name: 'zip', inputs: [input] });
    expect(answer.outputs[0].parameters.keys).toMatchObject({ string_param: '["high","low","none"]' });
  });

  const x = { name: 'x', datatype: 'FP32', shape: [2], contents: { fp32_contents: [1, 2] } };
  test.each<[string, object, keyof typeof status, string]>([
    ['an unknown model', { model_name: 'fp322' }, 'NOT_FOUND', "there is no model 'fp322'; did you mean 'fp32'?"],
    ['an unknown version', { model_name: 'fp32', model_version: '9' }, 'NOT_FOUND', 'version'],
    ['no input', { model_name: 'fp32' }, 'INVALID_ARGUMENT', "missing input: the model also takes 'x'"],
    [
      'another input',
      { model_name: 'fp32', inputs: [{ ...x, name: 'z' }] },
      'INVALID_ARGUMENT',
      "the model has no input 'z'",
    ],
    ['another datatype', { model_name: 'fp64', inputs: [x] }, 'INVALID_ARGUMENT', 'expected datatype FP64, got FP32'],
    [
      'another shape',
      { model_name: 'fp32', inputs: [{ ...x, shape: [1, 2] }] },
      'INVALID_ARGUMENT',
      'expected shape [-1]',
    ],
    [
      'too few elements',
      { model_name: 'fp32', inputs: [{ ...x, shape: [3] }] },
      'INVALID_ARGUMENT',
      'shape [3] is 3 elements in fp32_contents, got 2',
    ],
    [
      'an unknown output',
      { model_name: 'fp32', inputs: [x], outputs: [{ name: 'z' }] },
      'INVALID_ARGUMENT',
      "the model has no output 'z'",
    ],
    [
      'a timeout that is none',
      { model_name: 'fp32', inputs: [x], parameters: { timeout: { string_param: 'soon' } } },
      'INVALID_ARGUMENT',
      "parameter 'timeout'",
    ],
    [
      'a flag that is none',
      { model_name: 'fp32', inputs: [x], parameters: { binary_data_output: { int64_param: 1 } } },
      'INVALID_ARGUMENT',
      'expected true or false, got 1',
    ],
    [
      'typed halves',
      { model_name: 'fp16', inputs: [{ ...x, datatype: 'FP16' }], raw_input_contents: [], parameters: {} },
      'INVALID_ARGUMENT',
      'FP16 has no typed contents',
    ],
    [
      'halves as typed answer',
      {
        model_name: 'fp16',
        inputs: [{ name: 'x', datatype: 'FP16', shape: [1] }],
        raw_input_contents: [Buffer.alloc(2)],
        parameters: { binary_data_output: { bool_param: false } },
      },
      'INVALID_ARGUMENT',
      "output 'y' is FP16, which has no typed contents",
    ],
  ])('refuses %s', async (_, request, code, details) => {
    await expect(infer(request)).rejects.toMatchObject({
      code: status[code],
      details: expect.stringContaining(details),
    });
  });

  test('refuses what is no message', async () => {
    await expect(grpc.client.encoded('ModelInfer', Buffer.from([0x0a, 9, 1]))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'the message is no protobuf, or a damaged one: a field is longer than what holds it (at byte 2)',
    });
    await expect(grpc.client.encoded('ModelReady', Buffer.from([0x0a]))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'the message is not what the method takes, or damaged',
    });
    await expect(grpc.client.encoded('ModelReady', Buffer.alloc(2 * 1024 ** 2))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: 'the message is larger than 1048576 bytes, which only inferences may be',
    });
  });

  test('a run ends with its deadline, that of the call or of the request', async () => {
    await expect(infer(loop(10n ** 12n), { deadline: Date.now() + 200 })).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
    const parameters = { timeout: { int64_param: 200_000 } };
    await expect(infer({ ...loop(10n ** 12n), parameters })).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      details: expect.stringContaining("200 ms (parameter 'timeout')"),
    });
    await ranOut();
  });

  test('a run ends when its caller cancels', async () => {
    const running = [
      grpc.client.start('ModelInfer', loop(10n ** 12n)),
      grpc.client.start('ModelInfer', loop(10n ** 12n)),
    ];
    const answers = Promise.allSettled(running.map(({ answer }) => answer));
    await sleep(200);
    for (const { cancel } of running) cancel();
    expect(await answers).toMatchObject([
      { reason: { code: status.CANCELLED } },
      { reason: { code: status.CANCELLED } },
    ]);
    await ranOut();
  });

  test('a deadline that has passed runs nothing', async () => {
    const runs = async () =>
      (await grpc.client.call('ModelStatistics', { name: 'endless' })).model_stats[0].execution_count;
    const before = await runs();
    const parameters = { timeout: { double_param: 0.001 } };
    await expect(infer({ ...loop(0n), parameters })).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect(await runs()).toBe(before);
  });

  /** Both runs that there may be at once are free again. */
  async function ranOut() {
    const deadline = Date.now() + 5000;
    await Promise.all([infer(loop(0n), { deadline }), infer(loop(0n), { deadline })]);
  }
});
