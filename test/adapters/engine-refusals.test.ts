import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSessionWith } from '../../src/adapters/open-session.ts';
import { checkInputs } from '../../src/core/check-inputs.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import type { OnnxGraph } from '../fakes/onnx-builder.ts';
import {
  addModel,
  divideModel,
  gatherModel,
  identityModel,
  removeModels,
  sequenceInputModel,
  sequenceModel,
  shapelessModel,
  writeModel,
} from './models.ts';

const options = { intraOpThreads: 1 };

afterAll(removeModels);

describe.each(['native', 'binding'] as const)('the %s engine', (engine) => {
  const open = openSessionWith(engine);
  const refusal = (path: string) =>
    open(path, options).then(
      () => new Error('it loaded'),
      (error: Error) => error,
    );
  const withContent = (content: Uint8Array | string) => {
    const path = writeModel(addModel());
    writeFileSync(path, content);
    return path;
  };
  const external = (location: string): OnnxGraph => {
    const graph = gatherModel();
    return { ...graph, initializers: (graph.initializers ?? []).map((table) => ({ ...table, data: { location } })) };
  };
  const withWeights = (bytes: number) => {
    const path = writeModel(external('weights.bin'));
    writeFileSync(join(dirname(path), 'weights.bin'), new Uint8Array(bytes));
    return path;
  };
  const unknownOperator = () =>
    writeModel({ ...identityModel('FP32'), nodes: [{ op: 'Identitee', inputs: ['x'], outputs: ['y'] }] });
  const linked = () => {
    const path = writeModel(external('weights.bin'));
    symlinkSync(dirname(path), `${dirname(path)}-link`);
    return join(`${dirname(path)}-link`, 'model.onnx');
  };

  test.each([
    ['an empty file', () => withContent(''), 'ModelProto does not have a graph.'],
    ['a file that is no model', () => withContent('no model'), 'Protobuf parsing failed.'],
    ['a file that is not there', () => `${writeModel(addModel())}.gone`, "File doesn't exist"],
    ['an unknown operator', unknownOperator, 'Error No Op registered for Identitee'],
    ['missing weights', () => writeModel(external('weights.bin')), 'External data path does not exist: "weights.bin"'],
    ['missing weights in a linked folder', linked, 'External data path does not exist: "weights.bin"'],
    [
      'weights cut short',
      () => withWeights(3),
      'External initializer: table offset: 0 size to read: 16 given file_length: 3',
    ],
    ['weights outside its folder', () => writeModel(external('../w.bin')), 'External data path: "../w.bin"'],
  ])('says why it does not load %s, and nothing of paths and source; the log has all', async (_name, path, message) => {
    const error = await refusal(path());
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/tensorgate-models|onnxruntime|\.cc|::|\n/);
    expect((error.cause as Error).message.length).toBeGreaterThan(error.message.length);
  });

  test('refuses a model that takes a sequence', async () => {
    const error = await refusal(writeModel(sequenceInputModel()));
    expect(error.message).toMatch(/^input 'items' cannot be fed: it is (a sequence of tensors|no tensor)$/);
  });

  test('refuses a model none of whose outputs can be answered, and names them', async () => {
    const error = await refusal(writeModel(sequenceModel()));
    expect(error.message).toMatch(/^none of its outputs can be answered: 'items' \(it is .*\)$/);
  });

  test('tells a tensor of any rank from a scalar, and takes every shape for it', async () => {
    const scalars = await open(writeModel(identityModel('FP32', 0)), options);
    expect(scalars.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [] }]);
    await scalars.release();
    const session = await open(writeModel(shapelessModel()), options);
    expect(session.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [-1], anyRank: true }]);
    expect(session.outputs).toEqual([{ name: 'y', datatype: 'FP32', shape: [-1], anyRank: true }]);
    for (const shape of [[], [4], [2, 1, 2]]) {
      const input = floatTensor(shape, Array(shape.length === 0 ? 1 : 4).fill(1));
      checkInputs(session.inputs, [{ ...input, name: 'x' }]);
      const outputs = await session.run({ inputNames: ['x'], inputs: [input], outputNames: ['y'] });
      expect(outputs).toEqual([input]);
    }
    await session.release();
  });

  test('says why a node failed, without places in the source', async () => {
    const session = await open(writeModel(divideModel()), options);
    const inputs = [floatTensor([2], [1, 2]), floatTensor([3], [1, 2, 3])];
    await expect(session.run({ inputNames: ['a', 'b'], inputs, outputNames: ['y'] })).rejects.toMatchObject({
      status: 500,
      message:
        "the model failed on these inputs: Div node 'Div_y': Attempting to broadcast an axis by a dimension other than 1. 2 by 3",
      cause: { message: expect.stringContaining('element_wise_ops.h') },
    });
    await session.release();
  });

  test('says of want of memory, and of nothing else, that it may pass', async () => {
    const fill: OnnxGraph = {
      inputs: [{ name: 'shape', datatype: 'INT64', shape: ['n'] }],
      outputs: [{ name: 'y', datatype: 'FP32' }],
      nodes: [{ op: 'ConstantOfShape', inputs: ['shape'], outputs: ['y'] }],
    };
    const session = await open(writeModel(fill), options);
    const failure = (elements: bigint) => {
      const data = new Uint8Array(BigInt64Array.of(elements).buffer);
      const inputs = [{ datatype: 'INT64', shape: [1], data } as const];
      return session.run({ inputNames: ['shape'], inputs, outputNames: ['y'] }).catch((error) => error);
    };
    expect(await failure(10n ** 14n)).toMatchObject({
      status: 500,
      retryAfterSeconds: 1,
      message: expect.stringContaining('Failed to allocate memory'),
    });
    expect(await failure(-1n)).toMatchObject({ status: 500, retryAfterSeconds: undefined });
    await session.release();
  });
});

test('the binding names a datatype that it cannot hold', async () => {
  const open = openSessionWith('binding');
  await expect(open(writeModel(identityModel('BF16')), options)).rejects.toThrow(
    'an input or output is BF16, which the binding cannot hold; use the native engine',
  );
});
