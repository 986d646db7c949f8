import { describe, expect, test } from '@jest/globals';
import { openTrainer } from '../../../src/adapters/training/open-trainer.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { miniBatches } from '../../../src/core/training/mini-batches.ts';
import type { Optimizer } from '../../../src/graph/gradient/optimizers/optimizer.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { withWeights } from '../../../src/graph/with-weights.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { mlp, pictures } from '../../graph/gradient/small-models.ts';
import { tensorOf } from '../../graph/gradient/tensors.ts';
import { type Recipe, trainedModel } from '../../graph/gradient/trained-model.ts';

const file = buildOnnx(mlp('FP32'));
const data = pictures(60);
const recipe: Recipe = {
  loss: { kind: 'cross-entropy' },
  optimizer: { kind: 'adam' },
  schedule: { rate: 0.01 },
  epochs: 2,
  batch: 60,
  seed: 1,
  clipNorm: 0.5,
};
const labels = (rows: readonly number[]) => ({
  datatype: 'INT64' as const,
  shape: [rows.length],
  data: new Uint8Array(BigInt64Array.from(rows, (at) => BigInt(data.labels[at] ?? 0)).buffer),
});
const all = [...data.rows.keys()];
const batchOf = (target: string, rows: readonly number[]) => ({
  x: tensorOf(
    'FP32',
    [rows.length, 64],
    rows.flatMap((at) => data.rows[at] ?? []),
  ),
  [target]: labels(rows),
});
const open = async (options: Recipe, bytes = file) =>
  openTrainer(await readModel(bytesAccess(bytes)), options, { threads: 1 });
const hex = (weights: Iterable<readonly [string, { readonly data: Uint8Array }]>) =>
  Object.fromEntries(Array.from(weights, ([name, tensor]) => [name, Buffer.from(tensor.data).toString('hex')]));

const optimizers: readonly Optimizer[] = [
  { kind: 'sgd' },
  { kind: 'sgd', momentum: 0.9, nesterov: true },
  { kind: 'adam' },
  { kind: 'adamw' },
];

describe('a trainer', () => {
  test.each(optimizers)('takes the steps of %j over its own memory, as they are taken beside it', async (optimizer) => {
    const options = { ...recipe, optimizer };
    const beside = await trainedModel(file, data, { ...options, batch: 1, epochs: 1 });
    const { trainer, target } = await open(options);
    const [order = []] = miniBatches([all], all.length, seededRandom(recipe.seed));
    for (const row of order) await trainer.step(batchOf(target, [row]), 0.01);
    await trainer.release();
    expect(trainer.steps).toBe(all.length);
    expect(hex(trainer.weights)).toEqual(hex(Object.entries(beside.weights)));
  });

  test('takes the steps of more than a piece of elements, of those that are drawn to 0 and those that are not', async () => {
    const wide = buildOnnx(mlp('FP32', 1_100));
    const options: Recipe = { ...recipe, optimizer: { kind: 'adamw', weightDecay: 0.1 }, l1: 0.01 };
    const beside = await trainedModel(wide, data, { ...options, batch: all.length, epochs: 3 });
    const { trainer, target } = await open(options, wide);
    const random = seededRandom(recipe.seed);
    for (let step = 0; step < 3; step += 1) {
      const [order = []] = miniBatches([all], all.length, random);
      await trainer.step(batchOf(target, order), 0.01);
    }
    await trainer.release();
    expect(hex(trainer.weights)).toEqual(hex(Object.entries(beside.weights)));
  });

  test('takes the steps of parameters of two types', async () => {
    const { inputs, initializers = [] } = mlp('FP32');
    const [w1] = initializers;
    const [, , w2] = mlp('FP64').initializers ?? [];
    if (!w1 || !w2) throw new Error('no weights');
    const mixed = buildOnnx({
      inputs,
      outputs: [{ name: 'logits', datatype: 'FP32', shape: ['N', 10] }],
      nodes: [
        { op: 'MatMul', inputs: ['x', 'w1'], outputs: ['product'] },
        { op: 'Tanh', inputs: ['product'], outputs: ['hidden'] },
        { op: 'Cast', inputs: ['hidden'], outputs: ['fine'], attributes: { to: 11 } },
        { op: 'Gemm', inputs: ['fine', 'w2'], outputs: ['sums'], attributes: { transB: 1 } },
        { op: 'Cast', inputs: ['sums'], outputs: ['logits'], attributes: { to: 1 } },
      ],
      initializers: [w1, w2],
    });
    const { trainer, target } = await open(recipe, mixed);
    const before = hex(trainer.weights);
    const steps = [];
    for (let step = 0; step < 5; step += 1) steps.push(await trainer.step(batchOf(target, all), 0.01));
    await trainer.release();
    const after = hex(trainer.weights);
    for (const name of ['w1', 'w2']) expect(after[name]).not.toBe(before[name]);
    expect(steps[0]?.norm).toBeGreaterThan(0);
    expect(steps[4]?.loss).toBeLessThan(steps[0]?.loss as number);
  });

  test('tells the loss before a step and the length of its gradients, and evaluates without learning', async () => {
    const { trainer, target } = await open(recipe);
    const batch = batchOf(target, all);
    const before = hex(trainer.weights);
    const { loss, prediction } = await trainer.evaluate(batch);
    expect(hex(trainer.weights)).toEqual(before);
    expect(prediction.shape).toEqual([60, 10]);
    const first = await trainer.step(batch, 0.01);
    expect(first.loss).toBeCloseTo(loss, 5);
    expect(first.norm).toBeGreaterThan(0);
    expect((await trainer.step(batch, 0.01)).loss).toBeLessThan(loss);
    await trainer.release();
  });

  test('goes on with the memory that it has while its weights are set back', async () => {
    const { trainer, target } = await open(recipe);
    const before = new Map([...trainer.weights].map(([name, { data: bytes }]) => [name, bytes.slice()]));
    const batch = batchOf(target, all);
    const losses: number[] = [];
    for (let step = 0; step < 3; step += 1) losses.push((await trainer.step(batch, 0.01)).loss);
    for (const [name, bytes] of before) trainer.weights.get(name)?.data.set(bytes);
    for (const { data: bytes } of trainer.states.values()) bytes.fill(0);
    trainer.steps = 0;
    const again: number[] = [];
    for (let step = 0; step < 3; step += 1) again.push((await trainer.step({ ...batch }, 0.01)).loss);
    expect(again).toEqual(losses);
    expect(losses[2]).toBeLessThan(losses[0] as number);
    await trainer.release();
  });

  test('takes a step whole or not at all', async () => {
    const { trainer, target } = await open(recipe);
    const before = hex(trainer.weights);
    await expect(trainer.step(batchOf(target, all), 0.01, AbortSignal.abort())).rejects.toThrow(/cancel/);
    const { x: _x, ...withoutInput } = batchOf(target, all);
    await expect(trainer.step(withoutInput, 0.01)).rejects.toThrow("the batch has no 'x': it has target");
    const broken = { ...batchOf(target, all), x: tensorOf('FP32', [60, 64], Array(60 * 64).fill(Number.NaN)) };
    await expect(trainer.step(broken, 0.01)).rejects.toThrow('the loss is NaN at step 1');
    expect(hex(trainer.weights)).toEqual(before);
    expect(trainer.steps).toBe(0);
    await trainer.release();
  });

  test('gives weights back to the model', async () => {
    const model = await readModel(bytesAccess(file));
    const { trainer, target } = await open({ ...recipe, isFrozen: (name) => name === 'w1' });
    await trainer.step(batchOf(target, all), 0.01);
    await trainer.release();
    const trained = withWeights(model, trainer.weights).graph.initializers;
    const changed = [...trained].filter(([name, { data: now }]) => {
      const before = model.graph.initializers.get(name)?.data.held;
      return now.held && before && !Buffer.from(now.held).equals(before);
    });
    expect(changed.map(([name]) => name).toSorted()).toEqual(['b1', 'b2', 'w2']);
  });
});

test('a pass over rows has each of them once, those of a group together, in an order of the seed', () => {
  const groups = [
    [0, 1, 2, 3, 4],
    [5, 6, 7],
  ];
  const batches = miniBatches(groups, 2, seededRandom(3));
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(batches.map(({ length }) => length).toSorted()).toEqual([1, 1, 2, 2, 2]);
  for (const batch of batches) expect(new Set(batch.map((row) => row < 5)).size).toBe(1);
  expect(miniBatches(groups, 2, seededRandom(3))).toEqual(batches);
  expect(miniBatches(groups, 2, seededRandom(4))).not.toEqual(batches);
});
