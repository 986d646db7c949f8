import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { mainGraphOf } from '../../src/graph/main-graph-of.ts';
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
const whole = (name: string, values: readonly number[], isScalar = false): OnnxTensor => ({
  name,
  datatype: 'INT64',
  shape: isScalar ? [] : [values.length],
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const node = (op: string, inputs: string[], attributes: OnnxNode['attributes'] = {}, outputs = ['y']): OnnxNode => ({
  op,
  inputs,
  outputs,
  attributes,
});

const rows = { name: 'x', datatype: 'FP32', shape: ['n', 4] } as const;
const pictures = { name: 'p', datatype: 'FP32', shape: ['n', 3, 8, 8] } as const;
const constants = [
  tensor('w', [4, 4]),
  tensor('b', [4]),
  tensor('one', []),
  tensor('row', [1, 4]),
  tensor('two', [2, 4]),
  whole('axis0', [0]),
  whole('axis1', [1]),
  whole('last', [-1]),
  whole('first', [-2]),
  whole('third', [-3]),
  whole('many', [9]),
  whole('zero', [0], true),
  whole('index1', [1], true),
  whole('step', [1], true),
  whole('heads', [0, 2, 2]),
  whole('flat', [-1, 4]),
  whole('turned', [4, -1]),
  whole('padRows', [1, 0, 0, 0]),
  whole('padColumns', [0, 1, 0, 1]),
];

/** The number of rows of `x`, and of its columns, as lists of one. */
const counts = [
  node('Shape', ['x'], {}, ['shape']),
  node('Gather', ['shape', 'zero'], {}, ['rows']),
  node('Gather', ['shape', 'index1'], {}, ['columns']),
  node('Unsqueeze', ['rows', 'axis0'], {}, ['n']),
  node('Unsqueeze', ['columns', 'axis0'], {}, ['k']),
];

/** What is said of a graph from `x`, rows of 4, and `p`, pictures, to `y`. */
async function why(nodes: readonly OnnxNode[], more: Partial<OnnxGraph> = {}): Promise<string | undefined> {
  const path = join(folder, 'model.onnx');
  const outputs = [{ name: 'y', datatype: 'FP32' as const }];
  await writeFile(path, buildOnnx({ inputs: [rows, pictures], outputs, nodes, initializers: constants, ...more }));
  return whyRowsMix(await mainGraphOf(await openOnnxModel(path)));
}

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
    ['a shape that keeps the rows where they are', [node('Reshape', ['x', 'heads'])]],
    [
      'a shape that is made of the number of rows',
      [...counts, node('Concat', ['n', 'last', 'k'], { axis: 0 }, ['to']), node('Reshape', ['x', 'to'])],
    ],
    [
      'positions, and what is spread over as many rows as there are',
      [
        ...counts,
        node('Range', ['zero', 'columns', 'step'], {}, ['positions']),
        node('Cast', ['positions'], { to: 1 }, ['floats']),
        node('Concat', ['n', 'k'], { axis: 0 }, ['to']),
        node('Expand', ['floats', 'to'], {}, ['spread']),
        node('Add', ['x', 'spread']),
      ],
    ],
    [
      'a size that is the number of rows where it is not said otherwise, as PyTorch spreads',
      [
        ...counts,
        node('Concat', ['n', 'k'], { axis: 0 }, ['to']),
        node('Shape', ['to'], {}, ['count']),
        node('ConstantOfShape', ['count'], { value: { tensor: whole('', [1]) } }, ['ones']),
        node('Mul', ['ones', 'last'], {}, ['unsaid']),
        node('Equal', ['to', 'unsaid'], {}, ['isUnsaid']),
        node('Where', ['isUnsaid', 'ones', 'to'], {}, ['size']),
        node('Expand', ['row', 'size'], {}, ['spread']),
        node('Mul', ['x', 'spread']),
      ],
    ],
    [
      'as many rows of zeros',
      [
        ...counts,
        node('Concat', ['n', 'k'], { axis: 0 }, ['to']),
        node('ConstantOfShape', ['to'], {}, ['o']),
        node('Add', ['x', 'o']),
      ],
    ],
    [
      'dimensions that come and go behind the rows',
      [node('Unsqueeze', ['x', 'axis1'], {}, ['u']), node('Squeeze', ['u', 'axis1'])],
    ],
    ['a sum over an axis that an input names', [node('ReduceSum', ['x', 'axis1'])]],
    ['some columns', [node('Slice', ['x', 'axis1', 'many', 'last'])]],
    ['columns that are parted', [node('Split', ['x'], { axis: -1 }, ['y', 'z'])]],
    ['columns that are added', [node('Pad', ['x', 'padColumns'])]],
    ['sums along the columns', [node('CumSum', ['x', 'index1'])]],
    ['the best of each row', [node('TopK', ['x', 'axis1'], {}, ['y', 'i'])]],
    ['the columns that each row names', [node('GatherElements', ['x', 'x'], { axis: 1 })]],
    ['a matrix before the rows', [node('MatMul', ['w', 'p'])]],
    [
      'numbers that were quantized for all alike',
      [node('QuantizeLinear', ['x', 'one'], {}, ['q']), node('DequantizeLinear', ['q', 'b'], { axis: 1 })],
    ],
    ['weights that were quantized', [node('DequantizeLinear', ['w', 'one'], {}, ['v']), node('MatMul', ['x', 'v'])]],
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
    ['a shape that has another first size', [node('Reshape', ['x', 'turned'])], 'Reshape'],
    ['a shape whose first size is what is left', [node('Reshape', ['x', 'flat'])], 'Reshape'],
    [
      'a shape with the number of rows elsewhere too',
      [...counts, node('Concat', ['n', 'n', 'last'], { axis: 0 }, ['to']), node('Reshape', ['x', 'to'])],
      'Reshape',
    ],
    [
      'the number of rows as a value',
      [...counts, node('Cast', ['rows'], { to: 1 }, ['count']), node('Div', ['x', 'count'])],
      'Cast',
    ],
    ['a calculation with the number of rows', [...counts, node('Mul', ['n', 'many'], {}, ['y'])], 'Mul'],
    ['numbers up to that of the rows', [...counts, node('Range', ['zero', 'rows', 'step'])], 'Range'],
    ['a dimension before the rows', [node('Unsqueeze', ['x', 'axis0'])], 'Unsqueeze'],
    ['a dimension before the rows, counted from the end', [node('Unsqueeze', ['x', 'third'])], 'Unsqueeze'],
    ['all dimensions of one taken away', [node('Squeeze', ['x'])], 'Squeeze'],
    ['a sum over rows that an input names', [node('ReduceSum', ['x', 'axis0'])], 'ReduceSum'],
    ['a sum over rows that an input names from the end', [node('ReduceSum', ['x', 'first'])], 'ReduceSum'],
    ['some of the rows', [node('Slice', ['x', 'axis0', 'axis1'])], 'Slice'],
    ['some of the rows, the axis named', [node('Slice', ['x', 'axis0', 'axis1', 'first'])], 'Slice'],
    ['rows that are parted', [node('Split', ['x'], {}, ['y', 'z'])], 'Split'],
    ['rows that are added', [node('Pad', ['x', 'padRows'])], 'Pad'],
    ['sums along the rows', [node('CumSum', ['x', 'zero'])], 'CumSum'],
    ['the best row of each column', [node('TopK', ['x', 'axis1'], { axis: 0 }, ['y', 'i'])], 'TopK'],
    ['the rows that each column names', [node('GatherElements', ['x', 'x'], { axis: 0 })], 'GatherElements'],
    ['a row as often as it is asked for', [node('Expand', ['x', 'flat'])], 'Expand'],
    ['a scale for each of the rows', [node('QuantizeLinear', ['x', 'two'])], 'QuantizeLinear'],
    ['a scale for each of the rows, by its axis', [node('QuantizeLinear', ['x', 'b'], { axis: 0 })], 'QuantizeLinear'],
    [
      'a normalization with a scale for each of two rows',
      [node('LayerNormalization', ['x', 'two'])],
      'LayerNormalization',
    ],
    [
      'a graph of its own, which may take any value',
      [
        node('If', ['one'], {
          then_branch: { graph: { inputs: [], outputs: [], nodes: [] } },
          else_branch: { graph: { inputs: [], outputs: [], nodes: [] } },
        }),
      ],
      'If',
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
