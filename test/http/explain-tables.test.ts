import { afterAll, expect, test } from '@jest/globals';
import { explainService } from '../fakes/explain-service.ts';
import type { OnnxGraph } from '../fakes/onnx-builder.ts';

const floats = (name: string, shape: readonly number[], values: readonly number[]) => ({
  name,
  datatype: 'FP32' as const,
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

const row = (name: string, data: readonly number[]) => ({ name, datatype: 'FP32', shape: [1, data.length], data });
const namesOf = (parts: readonly { readonly feature: string }[]) => parts.map(({ feature }) => feature);
const weightsOf = (parts: readonly { readonly weight: number }[]) => parts.map(({ weight }) => weight);

/** v0 + 10 v1 + 100 v2 + p + q. */
const mixed: OnnxGraph = {
  inputs: [
    { name: 'v', datatype: 'FP32', shape: ['N', 3] },
    { name: 'p', datatype: 'INT64', shape: ['N', 1] },
    { name: 'q', datatype: 'INT64', shape: ['N', 1] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [
    { op: 'MatMul', inputs: ['v', 'w'], outputs: ['sum'] },
    { op: 'Cast', inputs: ['p'], outputs: ['pf'], attributes: { to: 1 } },
    { op: 'Cast', inputs: ['q'], outputs: ['qf'], attributes: { to: 1 } },
    { op: 'Add', inputs: ['sum', 'pf'], outputs: ['more'] },
    { op: 'Add', inputs: ['more', 'qf'], outputs: ['y'] },
  ],
  initializers: [floats('w', [3, 1], [1, 10, 100])],
};

/** n + 10 where the colour is red, 100 where it is blue. */
const coloured: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 3] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
  initializers: [floats('w', [3, 1], [1, 10, 100])],
};

/** The sum of some function of two numbers. */
const sumOf = (op: string): OnnxGraph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [
    { op, inputs: ['x'], outputs: ['each'] },
    { op: 'MatMul', inputs: ['each', 'ones'], outputs: ['y'] },
  ],
  initializers: [floats('ones', [2, 1], [1, 1])],
});

/** The logarithm of a − b + 0.5. */
const hole: OnnxGraph = {
  ...sumOf('Log'),
  nodes: [
    { op: 'MatMul', inputs: ['x', 'signs'], outputs: ['difference'] },
    { op: 'Add', inputs: ['difference', 'half'], outputs: ['more'] },
    { op: 'Log', inputs: ['more'], outputs: ['y'] },
  ],
  initializers: [floats('signs', [2, 1], [1, -1]), floats('half', [1], [0.5])],
};

/** The exponential of the logarithm, whose slope is infinite at 0. */
const steep: OnnxGraph = {
  ...sumOf('Log'),
  nodes: [
    { op: 'Log', inputs: ['x'], outputs: ['logs'] },
    { op: 'Exp', inputs: ['logs'], outputs: ['each'] },
    { op: 'MatMul', inputs: ['each', 'ones'], outputs: ['y'] },
  ],
};

const colours = { columns: { inputs: { x: ['n', 'color'] }, oneHot: { color: ['red', 'blue'] } } };
const samples = [
  [1, 1, 0],
  [2, 0, 1],
  [5, 1, 0],
  [9, 1, 0],
];
const { ask, close } = await explainService({
  mixed: [mixed, { task: 'tabular-regression' }],
  coloured: [
    coloured,
    { task: { name: 'tabular-regression', preprocess: [colours] } },
    { 'samples.jsonl': samples.map((each) => JSON.stringify({ inputs: { x: [each] } })).join('\n') },
  ],
  log: [sumOf('Log'), {}],
  steep: [steep, {}],
  hole: [hole, {}],
});
afterAll(close);

const path = { method: 'integrated-gradients' };

test('elements of an input are called by the columns that fill it, however many others there are', async () => {
  const asked = await ask('/v1/explain/mixed', { v: [1, 2, 3], p: 1, q: 1 }, path);
  expect(namesOf(asked.features)).toEqual(['v[0]', 'v[1]', 'v[2]']);
  expect(weightsOf(asked.features)[2]).toBeCloseTo(300, 6);
  expect(asked).toMatchObject({
    baseline: 'zeros',
    baseline_value: 2,
    gradients: { by: 'v', note: "the way goes by 'v' alone: 'p' and 'q' stay as in the item" },
  });
});

test('a row that has something else where no way is gone is refused, and taken where it is as the item', async () => {
  const item = { v: [1, 2, 3], p: 1, q: 1 };
  await expect(
    ask('/v1/explain/mixed', item, { ...path, baseline: { v: [0, 1, 0], p: 1, q: 50 } }),
  ).rejects.toMatchObject({
    status: 400,
    field: 'baseline',
    message: expect.stringMatching(/^parameter 'baseline': gradients go by 'v' alone, and 'q' is another than in the/),
  });
  const asked = await ask('/v1/explain/mixed', item, { ...path, baseline: { ...item, v: [0, 1, 0] } });
  expect(asked).toMatchObject({ baseline: 'the row that was given', baseline_value: 12 });
});

test('a baseline of another name is refused by gradients too', async () => {
  const parameters = { ...path, baseline: [row('X', [9, 9])] };
  await expect(ask('/v2/models/log/explain', [row('x', [1, 2])], parameters)).rejects.toMatchObject({
    status: 400,
    message: "parameter 'baseline': expected rows of 'x', FP32 [rows, 2], got none",
  });
});

test('columns of texts are against that which is there most, by any method', async () => {
  const item = { n: 3, color: 'blue' };
  const told = {
    baseline: 'the middle of each value in the 4 samples of the version',
    baseline_value: 12,
    value: 103,
  };
  const asked = await ask('/v1/explain/coloured', item);
  expect(asked).toMatchObject({
    ...told,
    features: [
      { feature: 'n', value: 3, baseline: 2 },
      { feature: 'color', value: 'blue', baseline: 'red' },
    ],
  });
  expect(weightsOf(asked.features)[1]).toBeCloseTo(90, 6);
  const along = await ask('/v1/explain/coloured', [3, 'blue'], path);
  expect(along).toMatchObject(told);
  expect(namesOf(along.features)).toEqual(['n', 'color=red', 'color=blue']);
  expect(along.features.map((each: { readonly baseline: number }) => each.baseline)).toEqual([2, 1, 0]);
  expect(weightsOf(along.features)[2]).toBeCloseTo(100, 6);
  const slopes = await ask('/v1/explain/coloured', item, { method: 'gradient-x-input' });
  expect(slopes.features[0].baseline).toBeUndefined();
});

test.each([
  ['kernel-shap', 'log', [1, 2], /^the model answers -Infinity to the baseline; give a baseline that it can answer$/],
  ['integrated-gradients', 'log', [1, 2], /^the model answers -Infinity to the baseline; give a/],
  ['occlusion', 'log', [1, -2], /^the model answers NaN to the item, of which nothing can be shared out$/],
  ['gradient-x-input', 'log', [1, -2], /^the model answers NaN to the item, of/],
  [
    'occlusion',
    'hole',
    [1, 1],
    /^the model answers NaN where 'x\[0\]' is left out; give a baseline that it can answer$/,
  ],
  [
    'gradient-x-input',
    'steep',
    [0, 2],
    /^the gradients of the model are not finite at the item, or on the way to it; /,
  ],
])('by %s of %s, %j: no number is nothing to share out', async (method, model, data, message) => {
  await expect(ask(`/v2/models/${model}/explain`, [row('x', data)], { method })).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(message),
  });
});
