import { describe, expect, test } from '@jest/globals';
import type { Loss } from '../../../src/graph/gradient/losses/loss.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import type { OnnxGraph } from '../../fakes/onnx-builder.ts';
import { lossError } from './loss-error.ts';
import { randoms, tensorOf } from './tensors.ts';

const worst = 1e-5;

/** z = x + w, so that a gradient by w is one by the prediction. `last` follows where it is given. */
function forward(shape: readonly number[], last?: string): OnnxGraph {
  const data = new Uint8Array(Float64Array.from(randoms(shape, -2, 2, 1)).buffer);
  const free = shape.map((size, axis) => (axis < shape.length - 1 ? `n${axis}` : size));
  return {
    inputs: [{ name: 'x', datatype: 'FP64', shape: free }],
    outputs: [{ name: 'y', datatype: 'FP64', shape: free }],
    nodes: [
      { op: 'Add', inputs: ['x', 'w'], outputs: [last ? 'z' : 'y'] },
      ...(last ? [{ op: last, inputs: ['z'], outputs: ['y'] }] : []),
    ],
    initializers: [{ name: 'w', datatype: 'FP64', shape, data }],
  };
}

async function check(shape: readonly number[], loss: Loss, target: FixedTensor, last?: string) {
  const feeds = { x: tensorOf('FP64', shape, randoms(shape, -1, 1, 2)) };
  const found = await lossError(forward(shape, last), { loss }, feeds, target);
  expect(found.errors.w).toBeLessThan(worst);
  return found.loss;
}

const labels = (shape: readonly number[], ...values: readonly number[]): FixedTensor => ({
  datatype: 'INT64',
  shape,
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const logits = (shape: readonly number[]) => {
  const [w, x] = [randoms(shape, -2, 2, 1), randoms(shape, -1, 1, 2)];
  return w.map((each, at) => each + (x[at] as number));
};
const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
const rowsOf = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_item, row) => values.slice(row * width, (row + 1) * width));
const softmax = (row: readonly number[]) => {
  const grown = row.map(Math.exp);
  return grown.map((each) => each / grown.reduce((sum, one) => sum + one, 0));
};

describe('cross-entropy', () => {
  const shape = [3, 4];
  const target = labels([3], 2, 0, 3);
  const wanted = [2, 0, 3];
  const shares = () => rowsOf(logits(shape), 4).map(softmax);

  test('is the mean of -log of what a label has', async () => {
    const loss = await check(shape, { kind: 'cross-entropy' }, target);
    expect(loss).toBeCloseTo(mean(shares().map((row, at) => -Math.log(row[wanted[at] as number] as number))), 12);
  });

  test('takes the logits before a Softmax', async () => {
    const plain = await check(shape, { kind: 'cross-entropy' }, target);
    expect(await check(shape, { kind: 'cross-entropy' }, target, 'Softmax')).toBe(plain);
  });

  test('with smoothed labels and weights of classes', async () => {
    const classWeights = [1, 0.5, 2, 3];
    const loss = await check(shape, { kind: 'cross-entropy', labelSmoothing: 0.1, classWeights }, target);
    const each = shares().map((row, at) =>
      row.reduce((sum, share, index) => {
        const hot = 0.9 * (wanted[at] === index ? 1 : 0) + 0.1 / 4;
        return sum - (classWeights[index] as number) * hot * Math.log(share);
      }, 0),
    );
    const total = wanted.reduce((sum, label) => sum + (classWeights[label] as number), 0);
    expect(loss).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / total, 12);
  });

  test('of labels alone that do not count is 0', async () => {
    const classWeights = [1, 0, 2, 0];
    const loss = { kind: 'cross-entropy', classWeights, labelSmoothing: 0.1 } as const;
    expect(await check(shape, loss, labels([3], 1, 3, 1))).toBeCloseTo(0, 12);
    expect(await check(shape, loss, labels([3], 1, 0, 1))).toBeGreaterThan(0);
  });

  test('of a label for each word', async () => {
    await check([2, 3, 4], { kind: 'cross-entropy' }, labels([2, 3], 0, 1, 2, 3, 0, 1));
  });

  test('of classes without a weight each is refused', async () => {
    const loss = { kind: 'cross-entropy', classWeights: [1, 2] } as const;
    await expect(check(shape, loss, target)).rejects.toThrow('expected a weight for each of 4 classes, got 2');
    const none = { kind: 'cross-entropy', classWeights: [0, 0, 0, 0] } as const;
    await expect(check(shape, none, target)).rejects.toThrow('expected a weight above 0 for one class at least');
  });
});

test('mean squared error', async () => {
  const wanted = randoms([3, 2], -1, 1, 5);
  const loss = await check([3, 2], { kind: 'mean-squared-error' }, tensorOf('FP64', [3, 2], wanted));
  expect(loss).toBeCloseTo(mean(logits([3, 2]).map((each, at) => (each - (wanted[at] as number)) ** 2)), 12);
});

test('binary cross-entropy, of logits before a Sigmoid', async () => {
  const wanted = [0, 1, 1, 0.25, 0, 1];
  const target = tensorOf('FP64', [3, 2], wanted);
  const loss = await check([3, 2], { kind: 'binary-cross-entropy' }, target, 'Sigmoid');
  const shares = logits([3, 2]).map((each) => 1 / (1 + Math.exp(-each)));
  const truth = shares.map((p, at) => {
    const t = wanted[at] as number;
    return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
  });
  expect(loss).toBeCloseTo(mean(truth), 12);
});

test('distillation', async () => {
  const teacher = randoms([3, 4], -3, 3, 6);
  const loss = await check([3, 4], { kind: 'distillation', temperature: 2 }, tensorOf('FP64', [3, 4], teacher));
  const soft = (values: readonly number[]) => rowsOf(values, 4).map((row) => softmax(row.map((each) => each / 2)));
  const [student, wanted] = [soft(logits([3, 4])), soft(teacher)];
  const truth = wanted.map((row, at) =>
    row.reduce((sum, q, index) => sum + 4 * q * Math.log(q / (student[at]?.[index] as number)), 0),
  );
  expect(loss).toBeCloseTo(mean(truth), 12);
});

test('cosine', async () => {
  const wanted = randoms([3, 4], -1, 1, 7);
  const loss = await check([3, 4], { kind: 'cosine' }, tensorOf('FP64', [3, 4], wanted));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, each, at) => sum + each * (b[at] as number), 0);
  const rows = rowsOf(wanted, 4);
  const truth = rowsOf(logits([3, 4]), 4).map((row, at) => {
    const other = rows[at] as number[];
    return 1 - dot(row, other) / Math.sqrt(dot(row, row) * dot(other, other));
  });
  expect(loss).toBeCloseTo(mean(truth), 12);
});
