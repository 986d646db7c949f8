import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readMainGraph } from '../../src/graph/read-main-graph.ts';
import { whyRowsMix } from '../../src/graph/why-rows-mix.ts';
import { buildOnnx, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../fakes/onnx-builder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-graph-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tensor = (name: string, shape: readonly number[]): OnnxTensor => ({
  name,
  datatype: 'FP32',
  shape,
  data: new Uint8Array(4 * shape.reduce((product, size) => product * size, 1)),
});
const rows = { name: 'x', datatype: 'FP32', shape: ['n', 4] } as const;
const pictures = { name: 'p', datatype: 'FP32', shape: ['n', 3, 8, 8] } as const;
const constants = [
  tensor('w', [4, 4]),
  tensor('b', [4]),
  tensor('one', []),
  tensor('row', [1, 4]),
  tensor('two', [2, 4]),
];

/** What is said of a graph from `x`, rows of 4, and `p`, pictures, to `y`. */
async function why(nodes: readonly OnnxNode[], more: Partial<OnnxGraph> = {}): Promise<string | undefined> {
  const path = join(folder, 'model.onnx');
  const outputs = [{ name: 'y', datatype: 'FP32' as const }];
  await writeFile(path, buildOnnx({ inputs: [rows, pictures], outputs, nodes, initializers: constants, ...more }));
  return whyRowsMix(await readMainGraph(path));
}

const node = (op: string, inputs: string[], attributes: OnnxNode['attributes'] = {}, outputs = ['y']): OnnxNode => ({
  op,
  inputs,
  outputs,
  attributes,
});

describe('rows are answered each for itself by', () => {
  const cases: [string, readonly OnnxNode[]][] = [
    ['layers with an activation between', [node('Gemm', ['x', 'w', 'b'], {}, ['h']), node('Relu', ['h'])]],
    ['a product', [node('MatMul', ['x', 'w'])]],
    ['what is spread over rows', [node('Mul', ['x', 'b'], {}, ['h']), node('Add', ['row', 'h'])]],
    ['a scalar', [node('Div', ['x', 'one'])]],
    ['two values of the same rows', [node('Add', ['x', 'x'])]],
    ['a softmax over the last axis', [node('Softmax', ['x'])]],
    ['a softmax, axis counted from the end', [node('Softmax', ['x'], { axis: -1 })]],
    ['a mean over columns', [node('ReduceMean', ['x'], { axes: [1] })]],
    ['the best column', [node('ArgMax', ['x'], { axis: -1, keepdims: 0 })]],
    [
      'convolution and pooling',
      [node('Conv', ['p', 'w'], {}, ['h']), node('GlobalAveragePool', ['h'], {}, ['g']), node('Flatten', ['g'])],
    ],
    ['axes that change places behind the rows', [node('Transpose', ['p'], { perm: [0, 3, 2, 1] })]],
    ['columns put side by side', [node('Concat', ['x', 'x'], { axis: 1 })]],
    ['a table that rows are looked up in', [node('Cast', ['x'], { to: 7 }, ['i']), node('Gather', ['w', 'i'])]],
    [
      'a constant of the graph',
      [node('Constant', [], { value: { tensor: tensor('', [4]) } }, ['c']), node('Add', ['x', 'c'])],
    ],
    ['normalization by what was learnt', [node('BatchNormalization', ['p', 'b', 'b', 'b', 'b'])]],
  ];
  test.each(cases)('%s', async (_name, nodes) => {
    expect(await why(nodes)).toBeUndefined();
  });

  test("scikit-learn's classifier", async () => {
    const outputs = [
      { name: 'label', datatype: 'INT64' as const },
      { name: 'y', datatype: 'FP32' as const },
    ];
    const classify = { op: 'TreeEnsembleClassifier', domain: 'ai.onnx.ml', inputs: ['s'], outputs: ['label', 'y'] };
    const scale = { op: 'Scaler', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['s'] };
    expect(await why([scale, classify], { outputs })).toBeUndefined();
  });
});

describe('rows may mix by', () => {
  const cases: [string, readonly OnnxNode[], string][] = [
    ['a mean over rows', [node('ReduceMean', ['x'], { axes: [0] })], 'ReduceMean'],
    ['a mean over rows, counted from the end', [node('ReduceMean', ['x'], { axes: [-2] })], 'ReduceMean'],
    ['a maximum over all', [node('ReduceMax', ['x'])], 'ReduceMax'],
    [
      'a maximum of the batch that others are divided by',
      [node('ReduceMax', ['x'], { axes: [0], keepdims: 1 }, ['m']), node('Div', ['x', 'm'])],
      'ReduceMax',
    ],
    ['a softmax over rows', [node('Softmax', ['x'], { axis: 0 })], 'Softmax'],
    ['a softmax over rows, counted from the end', [node('Softmax', ['x'], { axis: -2 })], 'Softmax'],
    ['the best row', [node('ArgMax', ['x'])], 'ArgMax'],
    ['rows that change places', [node('Transpose', ['x'], { perm: [1, 0] })], 'Transpose'],
    ['a product with rows turned', [node('Gemm', ['x', 'w'], { transA: 1 })], 'Gemm'],
    ['a product of rows with rows', [node('MatMul', ['x', 'x'])], 'MatMul'],
    ['a tensor with a row for each of two', [node('Add', ['x', 'two'])], 'Add'],
    [
      'values that are spread over the axis of the rows',
      [node('ReduceMean', ['x'], { axes: [1], keepdims: 0 }, ['m']), node('Add', ['x', 'm'])],
      'Add',
    ],
    ['rows put after one another', [node('Concat', ['x', 'x'], { axis: 0 })], 'Concat'],
    ['another order of rows', [node('Gather', ['x', 'b'], { axis: 0 })], 'Gather'],
    ['dynamic quantization', [node('DynamicQuantizeLinear', ['x'], {}, ['y', 's', 'z'])], 'DynamicQuantizeLinear'],
    [
      'training of a normalization',
      [node('BatchNormalization', ['p', 'b', 'b', 'b', 'b'], { training_mode: 1 })],
      'BatchNormalization',
    ],
    ['an operator that nobody knows', [node('Unique', ['x'])], 'Unique'],
    ['indices into the whole', [node('MaxPool', ['p'], { kernel_shape: [2, 2] }, ['h', 'y'])], 'MaxPool'],
  ];
  test.each(cases)('%s', async (_name, nodes, operator) => {
    expect(await why(nodes)).toBe(`${operator} is not known to keep its rows apart here`);
  });

  test('an axis that cannot be told, in a list as long as weights', async () => {
    const axes = Array.from({ length: 100_000 }, () => 1);
    expect(await why([node('ReduceMean', ['x'], { axes })])).toMatch(/ReduceMean/);
  });

  test('an output that is the same for all', async () => {
    expect(await why([], { outputs: [{ name: 'w', datatype: 'FP32' }] })).toBe(
      "output 'w' is not known to have a row for each of the inputs'",
    );
  });

  test('an input of whose shape nothing is said', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32' as const }];
    expect(await why([node('Relu', ['x'])], { inputs })).toMatch(/Relu/);
  });

  test('a softmax over rows too, before opset 13, where its axis was 1 by default', async () => {
    expect(await why([node('Softmax', ['x'])], { opset: 12 })).toBeUndefined();
    expect(await why([node('Softmax', ['x'], { axis: 0 })], { opset: 12 })).toMatch(/Softmax/);
  });
});
