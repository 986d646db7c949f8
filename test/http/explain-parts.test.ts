import { afterAll, describe, expect, test } from '@jest/globals';
import { explainService } from '../fakes/explain-service.ts';
import type { OnnxGraph, OnnxNode } from '../fakes/onnx-builder.ts';
import { mlp } from '../graph/gradient/small-models.ts';

const longs = (name: string, values: readonly number[]) => ({
  name,
  datatype: 'INT64' as const,
  shape: [values.length],
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

/** The sum of all numbers of a row. */
const sumOf = (datatype: 'FP32' | 'INT32', size: number): OnnxGraph => ({
  inputs: [{ name: 'x', datatype, shape: ['N', size] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [
    { op: 'Cast', inputs: ['x'], outputs: ['floats'], attributes: { to: 1 } },
    { op: 'ReduceSum', inputs: ['floats', 'axis'], outputs: ['y'] },
  ],
  initializers: [longs('axis', [1])],
});

/** Scores of three classes, by the order of their names in the graph. */
const classified = (classes: readonly string[] | readonly number[], more: readonly OnnxNode[] = []): OnnxGraph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 1] }],
  outputs: [
    { name: 'label', datatype: typeof classes[0] === 'number' ? 'INT64' : 'BYTES', shape: ['N'] },
    { name: 'scores', datatype: 'FP32', ...(more.length > 0 ? { sequenceOfMaps: 'BYTES' } : { shape: ['N', 3] }) },
  ],
  nodes: [
    {
      op: 'LinearClassifier',
      domain: 'ai.onnx.ml',
      inputs: ['x'],
      outputs: ['label', 'plain'],
      attributes: {
        coefficients: { floats: [1, 2, 3] },
        intercepts: { floats: [0, 0, 0] },
        post_transform: 'NONE',
        [typeof classes[0] === 'number' ? 'classlabels_ints' : 'classlabels_strings']: classes,
      },
    },
    ...(more.length > 0 ? more : [{ op: 'Identity', inputs: ['plain'], outputs: ['scores'] }]),
  ],
});
const zipMap = {
  op: 'ZipMap',
  domain: 'ai.onnx.ml',
  inputs: ['plain'],
  outputs: ['scores'],
  attributes: { classlabels_strings: ['low', 'some', 'much'] },
};

/** A 2 × 2 table of numbers, as a model has that answers two rows for an item: x · [[1, 2], [3, 4]]. */
const table: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 1, 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2, 2] }],
  nodes: [{ op: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }],
  initializers: [
    { name: 'w', datatype: 'FP32', shape: [2, 2], data: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer) },
  ],
};

const ends = { bytes: { first: 4, last: 4, padding: 256 } };
const { ask, close } = await explainService({
  bytes: [
    sumOf('INT32', 8),
    { task: { name: 'text-classification', preprocess: [ends], postprocess: [{ value: {} }] } },
  ],
  wide: [sumOf('FP32', 600), {}],
  columns: [
    sumOf('FP32', 300),
    {
      task: {
        name: 'tabular-regression',
        preprocess: [{ columns: { inputs: { x: Array.from({ length: 300 }, (_item, at) => `c${at}`) } } }],
      },
    },
  ],
  row: [sumOf('FP32', 60), { task: 'tabular-regression' }],
  classes: [classified(['low', 'some', 'much']), { task: { name: 'tabular-classification' } }],
  years: [classified([1999, 2001, 2003]), {}],
  places: [classified([0, 1, 2]), {}],
  named: [classified(['low', 'some', 'much']), { labels: { scores: 'labels.txt' } }, { 'labels.txt': 'a\nb\nc\n' }],
  configured: [
    classified(['low', 'some', 'much']),
    {},
    {
      'config.json': JSON.stringify({
        architectures: ['TensorgateForTabularClassification'],
        id2label: { 0: 'a', 1: 'b', 2: 'c' },
      }),
    },
  ],
  mapped: [classified(['low', 'some', 'much'], [zipMap]), {}],
  table: [table, {}],
  soft: [mlp('FP32'), {}],
});
afterAll(close);

const base64 = (text: string) => Buffer.from(text).toString('base64');
const row = (data: readonly number[], datatype = 'FP32') => ({ name: 'x', datatype, shape: [1, data.length], data });

describe('files', () => {
  test('have spans of the bytes that the model takes, from their beginning and their end', async () => {
    const asked = await ask('/v1/explain/bytes', base64('abcdefghijkl'), { method: 'occlusion', parts: 4 });
    const weights = [
      [0, 2, 97 + 98],
      [2, 4, 99 + 100],
      [8, 10, 105 + 106],
      [10, 12, 107 + 108],
    ].map(([start, end, sum]) => ({ start, end, weight: (sum as number) - 2 * 256 }));
    expect(asked).toMatchObject({
      target: { of: 'answer', output: 'y', index: 0 },
      baseline: 'the padding, 256, in place of bytes',
      baseline_value: 8 * 256,
      bytes: weights,
    });
    expect(asked.chart).toContain('>bytes 8 to 10</text>');
  });

  test('of few bytes have each once, though the model takes it twice', async () => {
    const { bytes, evaluations } = await ask('/v1/explain/bytes', base64('abcde'), { method: 'occlusion', parts: 9 });
    expect(bytes.map(({ weight }: { weight: number }) => weight)).toEqual(
      [97, 2 * 98, 2 * 99, 2 * 100, 101].map((sum, at) => sum - (at % 4 === 0 ? 1 : 2) * 256),
    );
    expect(evaluations).toBe(7);
    for (const method of ['kernel-shap', 'lime']) {
      const asked = await ask('/v1/explain/bytes', base64('abcde'), { method });
      expect(asked.bytes).toHaveLength(5);
    }
  });

  test('are taken by what a refusal says', async () => {
    await expect(ask('/v1/explain/bytes', base64('abcde'), { method: 'integrated-gradients' })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(
        /^gradients are by one input of FP32, .*; kernel-shap, lime and occlusion take any/,
      ),
    });
    await expect(ask('/v1/explain/bytes', base64('abcde'), { baseline: 'zeros' })).rejects.toMatchObject({
      status: 400,
      field: 'baseline',
      message: expect.stringMatching(/of files it is padding, got "zeros"$/),
    });
    const asked = await ask('/v2/models/bytes/explain', [row([1, 2, 3, 4, 5, 6, 7, 8], 'INT32')]);
    expect(asked.features).toHaveLength(8);
  });
});

describe('rows of more than 256 values', () => {
  test.each(['kernel-shap', 'lime', 'occlusion'])('have some in a row as one by %s', async (method) => {
    const data = Array.from({ length: 600 }, (_item, at) => at / 600);
    const asked = await ask('/v2/models/wide/explain', [row(data)], { method });
    expect(asked.features).toHaveLength(200);
    expect(asked.features[1].feature).toBe('x[3] to x[5]');
    expect(asked.features[1].value).toBeUndefined();
    if (method !== 'lime') expect(asked.features[1].weight).toBeCloseTo((3 + 4 + 5) / 600, 4);
    expect(asked.chart).toContain('>x[597] to x[599]</text>');
  });

  test('of columns are called by the first and the last, and by gradients have each', async () => {
    const item = Array.from({ length: 300 }, (_item, at) => at);
    const { features } = await ask('/v1/explain/columns', item, { method: 'occlusion' });
    expect(features).toHaveLength(150);
    expect(features.at(-1)).toEqual({ feature: 'c298 to c299', weight: 298 + 299 });
    const along = await ask('/v1/explain/columns', item, { method: 'integrated-gradients' });
    expect(along.features).toHaveLength(300);
  });
});

describe('the number that is explained', () => {
  test.each([
    ['classes', 2, 'much'],
    ['years', 2, '2003'],
    // In the order of their names.
    ['mapped', 1, 'much'],
    ['named', 2, 'c'],
    ['configured', 2, 'c'],
    ['places', 2, undefined],
  ])('of %s, at %d, has the name that its graph or a file has for it: %s', async (model, index, label) => {
    const { target } = await ask(`/v2/models/${model}/explain`, [row([2])]);
    expect(target).toEqual({ output: 'scores', index, ...(label !== undefined && { label }), of: 'output' });
    if (label === undefined) return;
    const asked = await ask(`/v2/models/${model}/explain`, [row([2])], { target: label });
    expect(asked.target).toEqual(target);
  });

  test('has the name that a prediction has', async () => {
    const asked = await ask('/v1/explain/classes', [2], { target: 'some' });
    expect(asked).toMatchObject({ target: { index: 1, label: 'some', of: 'answer' }, value: 4 });
    const { predictions } = await ask('/v1/predict/classes', [2], { top_k: 3 });
    expect(predictions[0].map(({ label }: { label: string }) => label)).toEqual(['much', 'some', 'low']);
  });

  test('is before a Softmax by gradients, and behind it by the answers', async () => {
    const inputs = [row(Array.from({ length: 64 }, (_item, at) => at / 64))];
    const [answered, along] = await Promise.all(
      ['occlusion', 'gradient-x-input'].map((method) => ask('/v2/models/soft/explain', inputs, { method, target: 3 })),
    );
    expect(answered.target).toEqual({ output: 'probabilities', index: 3, of: 'output' });
    expect(along.target).toEqual({ output: 'logits', index: 3, of: 'logits' });
  });

  test('is the same by gradients, of an output of several rows', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1, 1], data: [5] }];
    for (const method of ['occlusion', 'integrated-gradients', 'gradient-x-input']) {
      const asked = await ask('/v2/models/table/explain', inputs, { method, target: 2 });
      expect(asked).toMatchObject({ target: { output: 'y', index: 2, of: 'output' }, value: 15 });
      expect(asked.features[0].weight).toBeCloseTo(15, 4);
    }
  });
});

test.each([
  ['columns', [1, 2], "expected the values of 300 columns, got 2: 'c2' is the first without one"],
  ['columns', new Array(301).fill(1), 'expected the values of 300 columns, got 301'],
  ['row', [1, 2], "input 'x': the shape [60] is 60 elements, got 2"],
  ['row', { x: [1, 2] }, "input 'x': the shape [60] is 60 elements, got 2"],
])('a row of %s that is not as long says how many values were expected, and came', async (model, item, message) => {
  await expect(ask(`/v1/explain/${model}`, item)).rejects.toMatchObject({ status: 400, message });
});
