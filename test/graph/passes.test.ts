import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ActivationHistogram } from '../../src/core/factory/activation-histogram.ts';
import { candidates } from '../../src/graph/candidates.ts';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import { encodeModel } from '../../src/graph/encode-model.ts';
import type { OnnxModel, OnnxTensor as OnnxModelTensor } from '../../src/graph/onnx-model.ts';
import { quantizable } from '../../src/graph/passes/quantizable.ts';
import { quantizeDynamically } from '../../src/graph/passes/quantize-dynamically.ts';
import { quantizeEmbeddings } from '../../src/graph/passes/quantize-embeddings.ts';
import { quantizeMatMuls } from '../../src/graph/passes/quantize-mat-muls.ts';
import { quantizeStatically } from '../../src/graph/passes/quantize-statically.ts';
import { quantizedActivations } from '../../src/graph/passes/quantized-activations.ts';
import { showValues } from '../../src/graph/passes/show-values.ts';
import { storeHalves } from '../../src/graph/passes/store-halves.ts';
import { readModel } from '../../src/graph/read-model.ts';
import { visitModel } from '../../src/graph/visit-model.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { bytesAccess } from '../fakes/bytes-access.ts';
import { buildOnnx, type OnnxGraph, type OnnxTensor } from '../fakes/onnx-builder.ts';
import { runModel } from '../fakes/run-model.ts';

/** Products of 8 bits overflow on processors without VNNI, which weights of 7 bits do not. */
const leastOfInt8 = 0.9;

let seed = 1;
/** Numbers from -1 to 1, the same in every run. */
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return (2 * seed) / 2_147_483_647 - 1;
}

function weights(name: string, shape: readonly number[]): OnnxTensor {
  const values = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, random);
  return { name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer) };
}

const branch = (output: string): OnnxGraph => ({
  inputs: [],
  outputs: [{ name: output, datatype: 'FP32' }],
  nodes: [{ op: 'MatMul', inputs: ['joined', 'both'], outputs: [output] }],
});

/**
 * A table of words, two products of what comes of it, and a product in each branch of an If, by a matrix of the main
 * graph.
 */
const graph: OnnxGraph = {
  inputs: [
    { name: 'words', datatype: 'INT64', shape: ['batch', 'length'] },
    { name: 'which', datatype: 'BOOL', shape: [] },
  ],
  outputs: [
    { name: 'vectors', datatype: 'FP32', shape: ['batch', 'length', 24] },
    { name: 'chosen', datatype: 'FP32' },
  ],
  nodes: [
    { op: 'Gather', inputs: ['table', 'words'], outputs: ['embedded'] },
    { op: 'MatMul', inputs: ['embedded', 'query'], outputs: ['queries'] },
    { op: 'MatMul', inputs: ['embedded', 'key'], outputs: ['keys'] },
    { op: 'Mul', inputs: ['queries', 'keys'], outputs: ['joined'] },
    { op: 'Identity', inputs: ['joined'], outputs: ['vectors'] },
    {
      op: 'If',
      inputs: ['which'],
      outputs: ['chosen'],
      attributes: { then_branch: { graph: branch('one') }, else_branch: { graph: branch('other') } },
    },
  ],
  initializers: [
    weights('table', [300, 64]),
    weights('query', [64, 24]),
    weights('key', [64, 24]),
    weights('both', [24, 5]),
  ],
};
const feeds: Record<string, Tensor> = {
  words: { datatype: 'INT64', shape: [2, 3], data: new Uint8Array(BigInt64Array.of(1n, 2n, 3n, 299n, 0n, 7n).buffer) },
  which: { datatype: 'BOOL', shape: [], data: Uint8Array.of(1) },
};

let model: OnnxModel;
let exact: readonly Float32Array[];
beforeAll(async () => {
  model = await readModel(bytesAccess(buildOnnx(graph)));
  exact = await answers(model);
});

async function answers(of: OnnxModel): Promise<readonly Float32Array[]> {
  const outputs = await runModel(of, feeds);
  return outputs.map(({ data }) => new Float32Array(Uint8Array.from(data as Uint8Array).buffer));
}

function signatureOf({ graph: { inputs, outputs } }: OnnxModel) {
  return [inputs, outputs].map((values) => values.map(({ name, type }) => ({ name, type })));
}

function operators(of: OnnxModel): Record<string, number> {
  const counts: Record<string, number> = {};
  visitModel(of, {
    node: ({ opType }) => {
      counts[opType] = (counts[opType] ?? 0) + 1;
    },
  });
  return counts;
}

function cosine(one: Float32Array, other: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

async function expectNear(of: OnnxModel, least: number): Promise<void> {
  const found = await answers(of);
  expect(found.map(({ length }) => length)).toEqual(exact.map(({ length }) => length));
  for (const [index, each] of exact.entries())
    expect(cosine(each, found[index] as Float32Array)).toBeGreaterThan(least);
  expect(signatureOf(of)).toEqual(signatureOf(model));
}

test.each([
  [8, true, 0, 0.9999],
  [8, false, 4, 0.999],
  [4, true, 0, 0.98],
  [4, false, 4, 0.98],
] as const)(
  'weights of %p bits, symmetric: %p, level %p, in branches too',
  async (bits, isSymmetric, accuracyLevel, least) => {
    const quantized = quantizeMatMuls(model, { bits, isSymmetric, accuracyLevel });
    expect(operators(quantized)).toMatchObject({ MatMulNBits: 4, Gather: 1 });
    expect(operators(quantized).MatMul).toBeUndefined();
    expect(quantized.opsets.get('com.microsoft')).toBe(1);
    // The matrix of both branches is quantized once, and those that were are gone.
    expect(quantized.graph.initializers.size).toBe(1 + 3 * (isSymmetric ? 2 : 3));
    await expectNear(quantized, least);
  },
);

test.each([false, true])('dynamic int8, reduced: %p', async (isReduced) => {
  const quantized = quantizeDynamically(model, { isReduced });
  // What two products take is quantized once; in the branches, once in each.
  expect(operators(quantized)).toMatchObject({ MatMulInteger: 4, DynamicQuantizeLinear: 3 });
  await expectNear(quantized, isReduced ? 0.999 : leastOfInt8);
});

test('embeddings of 8 bits by row', async () => {
  const quantized = quantizeEmbeddings(model);
  expect(quantized.graph.initializers.get('table')).toBeUndefined();
  expect(quantized.graph.initializers.get('table_quantized')).toMatchObject({ dataType: 3, shape: [300, 64] });
  expect(quantized.graph.initializers.get('table_scale')).toMatchObject({ dataType: 1, shape: [300, 1] });
  await expectNear(quantized, 0.9999);
  // Its rows are as those of another table that is short.
  const short = {
    ...graph,
    initializers: (graph.initializers ?? []).map((each) => (each.name === 'table' ? weights('table', [10, 64]) : each)),
  };
  const small = await readModel(bytesAccess(buildOnnx(short)));
  expect(quantizeEmbeddings(small)).toEqual(small);
});

describe('FLOAT16 storage', () => {
  test('is of half the bytes', async () => {
    const stored = await storeHalves(model);
    expect(stored.graph.initializers.get('table_half')).toMatchObject({ dataType: 10, data: { length: 300 * 64 * 2 } });
    // The matrix of the branches is too small.
    expect([...stored.graph.initializers.keys()]).toEqual(['table_half', 'query_half', 'key_half', 'both']);
    await expectNear(stored, 0.99999);
  });

  test.each([65_520, Number.POSITIVE_INFINITY, Number.NaN])('is not for a tensor with %p', async (value) => {
    const floats = new Float32Array(1024).fill(value, 5, 6);
    const wide = await readModel(
      bytesAccess(
        buildOnnx({
          ...graph,
          initializers: [{ name: 'wide', datatype: 'FP32', shape: [1024], data: new Uint8Array(floats.buffer) }],
        }),
      ),
    );
    expect((await storeHalves(wide)).graph.initializers.has('wide')).toBe(true);
  });
});

describe('static int8', () => {
  test('is of what was seen on samples', async () => {
    const names = quantizedActivations(model);
    expect(names).toEqual(['embedded']);
    const shown = showValues(model, names);
    const [seen] = (await answers(shown)).slice(-1);
    const histogram = new ActivationHistogram();
    histogram.add(seen as Float32Array);
    const quantized = quantizeStatically(model, new Map([['embedded', histogram.range(100)]]));
    // What is quantized once is taken by two products; those of the branches have no range.
    expect(operators(quantized)).toMatchObject({ QuantizeLinear: 1, DequantizeLinear: 3, MatMul: 4 });
    expect([...quantized.graph.initializers.keys()].sort()).toEqual(
      [
        'both',
        'embedded_scale',
        'embedded_zero_point',
        'table',
        ...['key', 'query'].flatMap((name) => [`${name}_quantized`, `${name}_scale`, `${name}_zero_point`]),
      ].sort(),
    );
    await expectNear(quantized, leastOfInt8);
  });

  test.each([
    [{ min: 0, max: 2.55 }, 0.01, 0],
    [{ min: -1, max: 1 }, 2 / 255, 128],
    [{ min: 1, max: 5.1 }, 0.02, 0],
    [{ min: -5.1, max: -1 }, 0.02, 255],
    [{ min: 0, max: 0 }, 1, 0],
  ])('the range %p has 0 in it', async (range, scale, zeroPoint) => {
    const { initializers } = quantizeStatically(model, new Map([['embedded', range]])).graph;
    expect(initializers.get('embedded_scale')?.data.held).toEqual(new Uint8Array(Float32Array.of(scale).buffer));
    expect(initializers.get('embedded_zero_point')?.data.held).toEqual(Uint8Array.of(zeroPoint));
  });

  test('says what an old model needs', async () => {
    const old = await readModel(bytesAccess(buildOnnx({ ...graph, opset: 12 })));
    expect(() => quantizeStatically(old, new Map())).toThrow('static int8 needs opset 13, and the model has 12');
  });
});

describe('what is no MatMul by a matrix of FLOAT', () => {
  const wholes = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
  const x: Tensor = { datatype: 'FP32', shape: [2, 8], data: weights('', [2, 8]).data as Uint8Array };
  const read = (of: OnnxGraph) => readModel(bytesAccess(buildOnnx(of)));
  const value = (name: string, shape: readonly (number | string)[], datatype: 'FP32' | 'FP16' = 'FP32') => ({
    name,
    datatype,
    shape,
  });
  const floats = (tensor: Tensor | undefined) =>
    tensor?.datatype === 'FP16'
      ? Float32Array.from(new Float16Array(Uint8Array.from(tensor.data as Uint8Array).buffer))
      : new Float32Array(Uint8Array.from(tensor?.data as Uint8Array).buffer);

  async function expectSame(before: OnnxModel, after: OnnxModel, given: Tensor, least: number) {
    const [[expected], [found]] = [await runModel(before, { x: given }), await runModel(after, { x: given })];
    expect(found).toMatchObject({ datatype: expected?.datatype, shape: expected?.shape });
    expect(cosine(floats(found), floats(expected))).toBeGreaterThan(least);
    expect(signatureOf(after)).toEqual(signatureOf(before));
  }

  test.each([
    [0, [8, 5]],
    [1, [5, 8]],
  ])('Gemm, its matrix transposed: %p', async (transB, shape) => {
    const gemm = (attributes: Record<string, number>): OnnxGraph => ({
      inputs: [value('x', ['n', 8])],
      outputs: [value('y', ['n', 5])],
      nodes: [{ op: 'Gemm', inputs: ['x', 'b', 'c'], outputs: ['y'], attributes }],
      initializers: [weights('b', shape), weights('c', [5])],
    });
    const before = await read(gemm({ transB }));
    const plain = quantizable(before);
    expect(operators(plain)).toEqual({ MatMul: 1, Add: 1 });
    await expectSame(before, plain, x, 0.99999);
    await expectSame(before, quantizeDynamically(plain, { isReduced: true }), x, 0.999);
    // Another form is not theirs.
    const turned = await read({ ...gemm({ transB, transA: 1 }) });
    expect(quantizable(turned)).toBe(turned);
  });

  test('convolutions, with what is added and what is cut off behind them', async () => {
    const picture: Tensor = {
      datatype: 'FP32',
      shape: [1, 2, 6, 6],
      data: weights('', [1, 2, 6, 6]).data as Uint8Array,
    };
    const before = await read({
      inputs: [value('x', ['n', 2, 6, 6])],
      outputs: [value('y', ['n', 3, 2, 2])],
      nodes: [
        { op: 'Conv', inputs: ['x', 'a', 'bias'], outputs: ['first'] },
        { op: 'Relu', inputs: ['first'], outputs: ['positive'] },
        { op: 'Conv', inputs: ['positive', 'b'], outputs: ['y'] },
      ],
      initializers: [weights('a', [4, 2, 3, 3]), weights('bias', [4]), weights('b', [3, 4, 3, 3])],
    });
    const names = quantizedActivations(before);
    // What the runtime joins is quantized behind both.
    expect(names).toEqual(['x', 'positive', 'y']);
    const seen = (await runModel(showValues(before, ['positive']), { x: picture })).map(floats);
    const ranges = new Map(
      [floats(picture), seen[1], seen[0]].map((values, place) => {
        const histogram = new ActivationHistogram();
        histogram.add(values as Float32Array);
        return [names[place] as string, histogram.range(100)];
      }),
    );
    const quantized = quantizeStatically(before, ranges, { isReduced: true });
    expect(operators(quantized)).toEqual({ Conv: 2, Relu: 1, QuantizeLinear: 3, DequantizeLinear: 6 });
    await expectSame(before, quantized, picture, 0.999);
    // Without the range of what it gives, a convolution stays.
    ranges.delete('y');
    expect(operators(quantizeStatically(before, ranges))).toMatchObject({ QuantizeLinear: 2, DequantizeLinear: 4 });
  });

  test('a stack of matrices, which is quantized dynamically alone', async () => {
    const before = await read({
      inputs: [value('x', ['n', 8])],
      outputs: [value('y', [3, 'n', 5])],
      nodes: [{ op: 'MatMul', inputs: ['x', 'b'], outputs: ['y'] }],
      initializers: [weights('b', [3, 8, 5])],
    });
    await expectSame(before, quantizeDynamically(before, { isReduced: true }), x, 0.999);
    expect(quantizedActivations(before)).toEqual([]);
    expect(quantizeStatically(before, new Map([['x', { min: -1, max: 1 }]]))).toBe(before);
    expect(quantizeMatMuls(before, { bits: 8, isSymmetric: true, accuracyLevel: 0 })).toBe(before);
  });

  test('weights that are defaults of inputs, which nobody here replaces', async () => {
    const before = await read({
      inputs: [value('x', ['n', 8]), value('b', [8, 5])],
      outputs: [value('y', ['n', 5])],
      nodes: [{ op: 'MatMul', inputs: ['x', 'b'], outputs: ['y'] }],
      initializers: [weights('b', [8, 5])],
    });
    const fixed = quantizable(before);
    expect(fixed.graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(await runModel(fixed, { x })).toEqual(await runModel(before, { x }));
    expect(quantizable(fixed)).toBe(fixed);
  });

  test('FLOAT16, which stays what is taken and given', async () => {
    const halves = (tensor: OnnxTensor): OnnxTensor => {
      const wide = new Float32Array((tensor.data as Uint8Array).slice().buffer);
      return { ...tensor, datatype: 'FP16', data: new Uint8Array(Float16Array.from(wide).buffer) };
    };
    const before = await read({
      inputs: [value('x', ['n', 8], 'FP16')],
      outputs: [value('y', ['n', 5], 'FP16')],
      nodes: [
        { op: 'Constant', inputs: [], outputs: ['half'], attributes: { value: { tensor: halves(weights('', [5])) } } },
        { op: 'Gemm', inputs: ['x', 'b', 'half'], outputs: ['product'] },
        { op: 'Cast', inputs: ['product'], outputs: ['cast'], attributes: { to: 10 } },
        { op: 'Tanh', inputs: ['cast'], outputs: ['y'] },
      ],
      initializers: [halves(weights('b', [8, 5]))],
    });
    const given: Tensor = { datatype: 'FP16', shape: [1, 8], data: wholes(...Array.from({ length: 8 }, () => 0x3800)) };
    const plain = quantizable(before);
    expect(plain.graph.initializers.get('b')?.dataType).toBe(1);
    await expectSame(before, plain, given, 0.9999);
    await expectSame(before, quantizeDynamically(plain, { isReduced: true }), given, 0.999);
    // Pieces may end within a number.
    const b = before.graph.initializers.get('b') as OnnxModelTensor;
    const bytes = b.data.held as Uint8Array;
    const pieces = async function* pieces() {
      yield bytes.subarray(0, 3);
      yield bytes.subarray(3);
    };
    const cut = { ...b, data: { length: bytes.length, pieces } };
    const graph = { ...before.graph, initializers: new Map([['b', cut]]) };
    const wide = async ({ graph: { initializers } }: OnnxModel) =>
      collectBytes((initializers.get('b') as OnnxModelTensor).data);
    expect(await wide(quantizable({ ...before, graph }))).toEqual(await wide(plain));
  });
});

test('names that are taken are not taken again', async () => {
  const taken: OnnxGraph = { ...graph, initializers: [...(graph.initializers ?? []), weights('query_scale', [1])] };
  const quantized = quantizeDynamically(await readModel(bytesAccess(buildOnnx(taken))), { isReduced: true });
  expect([...quantized.graph.initializers.keys()]).toEqual(expect.arrayContaining(['query_scale', 'query_scale_1']));
  await expectNear(quantized, 0.999);
});

test('each candidate gives equal bytes each time', async () => {
  const target = { weightBits: [8, 7] as const, isGpu: false };
  const ranges = async (percentile: number) => new Map([['embedded', { min: -percentile, max: percentile }]]);
  const digests = async () => {
    const again = await readModel(bytesAccess(buildOnnx(graph)));
    const found: Record<string, string> = {};
    for (const { name, make } of candidates(target)) {
      const made = await make(again, ranges);
      if (made === again) continue;
      found[name] = createHash('sha256')
        .update(await collectBytes(encodeModel(made).file))
        .digest('hex');
    }
    return found;
  };
  const once = await digests();
  expect(await digests()).toEqual(once);
  // All but what an old file alone needs.
  expect(Object.keys(once).length).toBe(candidates(target).length - 1);
  expect(new Set(Object.values(once)).size).toBe(Object.keys(once).length);
});

test('equal models give equal answers, and other passes may follow', async () => {
  const both = quantizeEmbeddings(quantizeDynamically(model, { isReduced: true }));
  await expectNear(both, 0.999);
  expect(await answers(both)).toEqual(
    await answers(quantizeEmbeddings(quantizeDynamically(model, { isReduced: true }))),
  );
});
