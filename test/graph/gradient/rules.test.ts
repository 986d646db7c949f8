import { describe, expect, test } from '@jest/globals';
import type { OnnxNode } from '../../fakes/onnx-builder.ts';
import { longs, node, value } from './given.ts';
import { type GradientCase, gradientError, type Told } from './gradient-error.ts';

const worst = 1e-5;
const shapes: readonly Told[] = ['sizes', 'ranks', 'nothing'];

const two = (op: string, a: readonly number[], b: readonly number[], least = -1): GradientCase => ({
  nodes: [node(op, ['a', 'b'])],
  values: { a: value(a, least, 2, 1), b: value(b, 0.5, 2, 2) },
});
const one = (op: string, least = -2, attributes: OnnxNode['attributes'] = {}): GradientCase => ({
  nodes: [node(op, ['x'], attributes)],
  values: { x: value([2, 3], least, 2) },
});
describe.each(['Add', 'Sub', 'Mul', 'Div', 'Pow'])('%s', (op) => {
  const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [[3], [2, 3]],
    [[2, 3], []],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [
      [1, 3],
      [2, 1],
    ],
    [[1, 1], [1]],
  ];
  test.each(pairs)('of %j and %j', async (a, b) => {
    const given = two(op, a, b, op === 'Pow' ? 0.5 : -1);
    for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
  });
});

describe('of one value', () => {
  const cases: Readonly<Record<string, GradientCase>> = {
    Neg: one('Neg'),
    Exp: one('Exp'),
    Log: one('Log', 0.2),
    Sqrt: one('Sqrt', 0.2),
    Abs: one('Abs'),
    Reciprocal: one('Reciprocal', 0.3),
    Sigmoid: one('Sigmoid'),
    Tanh: one('Tanh'),
    Relu: one('Relu'),
    Identity: one('Identity'),
    Dropout: one('Dropout'),
    'Dropout, not in training mode': {
      nodes: [node('Dropout', ['x', '', 'training'])],
      values: { x: value([2, 3], -2, 2) },
      constants: [{ name: 'training', datatype: 'BOOL', shape: [], data: Uint8Array.of(0) }],
    },
    Softmax: one('Softmax'),
    'Softmax, of the first axis': one('Softmax', -2, { axis: 0 }),
    LogSoftmax: one('LogSoftmax'),
    LpNormalization: one('LpNormalization'),
    'LpNormalization, of the first axis': one('LpNormalization', -2, { axis: 0, p: 2 }),
    'LpNormalization, by the sum of sizes': one('LpNormalization', -2, { p: 1 }),
    Elu: {
      ...one('Elu', -2, { alpha: { float: 0.5 } }),
      type: 'FP32',
      reference: (x) => (x > 0 ? x : 0.5 * Math.expm1(x)),
    },
    Softplus: { ...one('Softplus'), type: 'FP32', reference: (x) => Math.log1p(Math.exp(x)) },
    HardSigmoid: {
      ...one('HardSigmoid', -4, { alpha: { float: 0.25 } }),
      type: 'FP32',
      reference: (x) => Math.min(1, Math.max(0, 0.25 * x + 0.5)),
    },
    HardSwish: {
      nodes: [node('HardSwish', ['x'])],
      values: { x: { shape: [6], values: [-5, -2.5, -1, 0.5, 2, 4] } },
      type: 'FP32',
      reference: (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)),
    },
    'Cast, to less and back': {
      nodes: [
        { op: 'Cast', inputs: ['x'], outputs: ['z'], attributes: { to: 1 } },
        { op: 'Cast', inputs: ['z'], outputs: ['w'], attributes: { to: 11 } },
        node('Mul', ['w', 'x']),
      ],
      // Of FP32, what is moved has to be whole.
      values: { x: { shape: [4], values: [1, -2, 3, 4] } },
      step: 0.5,
    },
    'CastLike, there and back': {
      nodes: [
        { op: 'Cast', inputs: ['x'], outputs: ['z'], attributes: { to: 1 } },
        { op: 'CastLike', inputs: ['z', 'x'], outputs: ['w'] },
        node('Mul', ['w', 'x']),
      ],
      values: { x: { shape: [4], values: [1, -2, 3, 4] } },
      step: 0.5,
    },
    'Gelu, by Erf': { ...one('Gelu'), type: 'FP32', reference: gelu },
    'Gelu, by Tanh': { ...one('Gelu', -2, { approximate: 'tanh' }), type: 'FP32', reference: tanhGelu },
    Erf: { ...one('Erf'), type: 'FP32', reference: erf },
    LeakyRelu: { ...one('LeakyRelu', -2, { alpha: { float: 0.25 } }), type: 'FP32', reference: leakyRelu },
  };
  test.each(Object.entries(cases))('%s', async (_name, given) => {
    for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
  });
});

test('Clip, on both sides, on one, on none', async () => {
  const bounds = { x: value([3, 4], -2, 2) };
  const bound = (name: string, at: number) => ({
    name,
    datatype: 'FP64' as const,
    shape: [],
    data: new Uint8Array(Float64Array.of(at).buffer),
  });
  const constants = [bound('least', -1), bound('most', 0.5)];
  for (const inputs of [['x', 'least', 'most'], ['x', '', 'most'], ['x', 'least'], ['x']])
    expect(await gradientError({ nodes: [node('Clip', inputs)], values: bounds, constants })).toBeLessThan(worst);
});

test('Clip of opset 10, whose bounds are attributes', async () => {
  const between = (x: number) => Math.min(0.5, Math.max(-1, x));
  for (const attributes of [{ min: { float: -1 }, max: { float: 0.5 } }, { min: { float: -1 } }, {}]) {
    const reference =
      'max' in attributes ? between : 'min' in attributes ? (x: number) => Math.max(-1, x) : (x: number) => x;
    expect(await gradientError({ ...one('Clip', -2, attributes), type: 'FP32', reference, opset: 10 })).toBeLessThan(
      worst,
    );
  }
});

test.each(['Max', 'Min', 'Sum'])('%s of three values', async (op) => {
  const given: GradientCase = {
    nodes: [node(op, ['a', 'b', 'c'])],
    values: { a: value([2, 3], -1, 1, 1), b: value([3], -1, 1, 2), c: value([2, 1], -1, 1, 3) },
  };
  for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
});

test('Where and Expand, of any sizes', async () => {
  const condition = { datatype: 'BOOL' as const, shape: [2, 3], data: Uint8Array.of(1, 0, 1, 0, 0, 1) };
  const given: GradientCase = {
    nodes: [{ op: 'Expand', inputs: ['b', 'sizes'], outputs: ['wide'] }, node('Where', ['condition', 'a', 'wide'])],
    values: { a: value([3]), b: value([2, 1]) },
    others: { condition },
    constants: [longs('sizes', [4, 1, 3])],
  };
  for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
});

test('a value that goes several ways has the sum of its gradients', async () => {
  const nodes: readonly OnnxNode[] = [
    { op: 'Mul', inputs: ['x', 'x'], outputs: ['square'] },
    { op: 'Exp', inputs: ['x'], outputs: ['grown'] },
    { op: 'Mul', inputs: ['square', 'grown'], outputs: ['product'] },
    { op: 'Sub', inputs: ['product', 'x'], outputs: ['y'] },
  ];
  const given = { nodes, values: { x: value([5]) } };
  for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
});

test('at 0, where slopes have no bound, they count as 0', async () => {
  const half = {
    name: 'half',
    datatype: 'FP64' as const,
    shape: [],
    data: new Uint8Array(Float64Array.of(0.5).buffer),
  };
  const square: OnnxNode = { op: 'Mul', inputs: ['x', 'x'], outputs: ['square'] };
  for (const root of [node('Sqrt', ['square']), node('Pow', ['square', 'half'])]) {
    const given = { nodes: [square, root], values: { x: { shape: [2], values: [0, 2] } }, constants: [half] };
    expect(await gradientError(given)).toBeLessThan(worst);
  }
});

describe('products of matrices', () => {
  const product = (a: readonly number[], b: readonly number[]): GradientCase => ({
    nodes: [node('MatMul', ['a', 'b'])],
    values: { a: value(a, -1, 1, 1), b: value(b, -1, 1, 2) },
  });
  test.each([
    [
      [2, 3],
      [3, 4],
    ],
    [
      [2, 2, 3],
      [3, 4],
    ],
    [
      [2, 1, 2, 3],
      [3, 4],
    ],
    [
      [2, 2, 4],
      [4, 3],
    ],
    [
      [2, 2, 3],
      [2, 3, 4],
    ],
    [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
    [
      [2, 3],
      [2, 3, 4],
    ],
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
  ])('MatMul of %j and %j', async (a, b) => {
    const given = product(a, b);
    for (const told of ['sizes', 'ranks'] as const) expect(await gradientError(given, told)).toBeLessThan(worst);
  });

  test.each([0, 1])('Gemm, the first turned: %d', async (transA) => {
    for (const transB of [0, 1])
      for (const c of [[], [4], [2, 1], [2, 4]]) {
        const attributes = { transA, transB, alpha: { float: 0.5 }, beta: { float: 0.25 } };
        const given: GradientCase = {
          nodes: [node('Gemm', ['a', 'b', 'c'], attributes)],
          values: {
            a: value(transA ? [3, 2] : [2, 3], -1, 1, 1),
            b: value(transB ? [4, 3] : [3, 4], -1, 1, 2),
            c: value(c, -1, 1, 3),
          },
        };
        for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
      }
  });
});

describe.each(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL2'])('%s', (op) => {
  test.each([
    [{ axes: [1], keepdims: 1 }],
    [{ axes: [-1], keepdims: 0 }],
    [{ axes: [0, 2], keepdims: 0 }],
    [{ keepdims: 0 }],
    [{ keepdims: 1 }],
  ])('with %j', async ({ axes, ...attributes }: { axes?: readonly number[]; [name: string]: unknown }) => {
    const given: GradientCase = {
      nodes: [node(op, axes ? ['x', 'axes'] : ['x'], attributes as OnnxNode['attributes'])],
      values: { x: value([2, 3, 2]) },
      constants: axes ? [longs('axes', axes)] : [],
    };
    for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
  });

  test('whose axes are an attribute, as in earlier versions', async () => {
    const values = { x: value([2, 3]) };
    const nodes = [node(op, ['x'], { axes: [1], keepdims: 0 })];
    expect(await gradientError({ nodes, values, opset: 12 })).toBeLessThan(worst);
  });
});

test.each(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceL2'])('%s without axes, or with none of them', async (op) => {
  const values = { x: value([2, 3], -1, 2) };
  for (const inputs of [['x'], ['x', 'axes']])
    for (const noop of [0, 1])
      for (const keepdims of [0, 1]) {
        const nodes = [node(op, inputs, { noop_with_empty_axes: noop, keepdims })];
        const given = { nodes, values, constants: [longs('axes', [])] };
        for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
      }
});

describe('where several are the largest, or a value is at a bound, as PyTorch has it', () => {
  const bounds = (['least', 'most'] as const).map((name, at) => ({
    name,
    datatype: 'FP64' as const,
    shape: [],
    data: new Uint8Array(Float64Array.of(at).buffer),
  }));
  // Of y, the seeds are −1.5, −0.5 and 0.5.
  test.each<[string, GradientCase]>([
    [
      'Max: to each its part',
      {
        nodes: [node('Max', ['a', 'b'])],
        values: { a: { shape: [3], values: [1, 2, 3] }, b: { shape: [3], values: [1, 3, 3] } },
        truth: { a: [-0.75, 0, 0.25], b: [-0.75, -0.5, 0.25] },
      },
    ],
    [
      'ReduceMax: to each its part',
      {
        nodes: [node('ReduceMax', ['x', 'axes'])],
        values: { x: { shape: [2, 3], values: [4, 4, 1, 2, 2, 2] } },
        constants: [longs('axes', [1])],
        truth: { x: [-0.75, -0.75, 0, -0.5 / 3, -0.5 / 3, -0.5 / 3] },
      },
    ],
    [
      'Clip: at its bounds, none',
      {
        nodes: [node('Clip', ['x', 'least', 'most'])],
        values: { x: { shape: [4], values: [0, 1, 0.5, 1.5] } },
        constants: bounds,
        truth: { x: [0, 0, 0.5, 0] },
      },
    ],
    [
      'Relu and Abs: at 0, none',
      {
        nodes: [
          { op: 'Relu', inputs: ['x'], outputs: ['a'] },
          { op: 'Abs', inputs: ['x'], outputs: ['b'] },
          node('Add', ['a', 'b']),
        ],
        values: { x: { shape: [3], values: [0, 1, -1] } },
        truth: { x: [0, -1, -0.5] },
      },
    ],
  ])('%s', async (_name, given) => {
    for (const told of shapes) expect(await gradientError(given, told)).toBeLessThan(worst);
  });
});

/** erf by its series. Source: Abramowitz and Stegun, 7.1.5. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

function tanhGelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function leakyRelu(x: number): number {
  return x < 0 ? 0.25 * x : x;
}
