import { describe, expect, test } from '@jest/globals';
import { openTrainer } from '../../../src/adapters/training/open-trainer.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/core/training/checkpoint.ts';
import type { FitProgress } from '../../../src/core/training/fit-progress.ts';
import { type FitOptions, fitRows } from '../../../src/core/training/fit-rows.ts';
import { saidOfRows } from '../../../src/core/training/said-of-rows.ts';
import { TrainingRows } from '../../../src/core/training/training-rows.ts';
import { newNetwork } from '../../../src/graph/networks/new-network.ts';
import type { Tensor } from '../../../src/protocol/tensor.ts';

const random = seededRandom(7);
const targets = Array.from({ length: 60 }, (_row, at) => at % 2);
const inputs = targets.map((target): readonly Tensor[] => {
  const values = Float32Array.of(target + random(), random());
  return [{ datatype: 'FP32', shape: [1, 2], data: new Uint8Array(values.buffer) }];
});
const network = {
  kind: 'mlp',
  hidden: [4],
  input: { name: 'x', shape: [2] },
  output: { name: 'logits', size: 2 },
} as const;
const options: FitOptions = { epochs: 6, batchRows: 8, patience: 3, seed: 1, rateOf: () => 0.02 };
const all = [...targets.keys()];
const split = { train: all.slice(0, 44), validation: all.slice(44) };

async function opened(optimizer: 'adam' | 'sgd' = 'adam') {
  const model = newNetwork(network, seededRandom(1));
  const { trainer, target } = await openTrainer(
    model,
    {
      loss: { kind: 'cross-entropy' },
      optimizer: optimizer === 'adam' ? { kind: 'adam' } : { kind: 'sgd', momentum: 0.9 },
    },
    { threads: 1 },
  );
  const rows = new TrainingRows({ inputNames: ['x'], inputs, targets, target: { name: target, isClass: true } });
  return { trainer, rows };
}

const hex = (progress: FitProgress) => Buffer.from(encodeCheckpoint({ id: '', progress })).toString('hex');

describe('a training', () => {
  test.each(['adam', 'sgd'] as const)('by %s that goes on from any pass comes to the same bytes', async (optimizer) => {
    const { trainer, rows } = await opened(optimizer);
    const kept: Uint8Array[] = [];
    const onEpoch = async (progress: FitProgress) => void kept.push(encodeCheckpoint({ id: 'a', progress }));
    const whole = hex(await fitRows(trainer, rows, split, { ...options, onEpoch }));
    await trainer.release();
    expect(kept.length).toBe(6);
    for (const bytes of [kept[0], kept[3], kept[5]] as Uint8Array[]) {
      const next = await opened(optimizer);
      const { id, progress } = decodeCheckpoint(bytes);
      expect(id).toBe('a');
      expect(hex(await fitRows(next.trainer, next.rows, split, options, progress))).toBe(whole);
      await next.trainer.release();
    }
  });

  test('ends where nothing is gained, and keeps what was the best', async () => {
    const { trainer, rows } = await opened();
    // So large that it soon only does harm.
    const rateOf = (step: number) => (step < 12 ? 0.05 : 3);
    const { curve, best } = await fitRows(trainer, rows, split, { ...options, epochs: 50, rateOf });
    const losses = curve.map(({ validationLoss }) => validationLoss as number);
    expect(curve.length).toBe(best.epoch + 3);
    expect(best.loss).toBe(Math.min(...losses));
    expect((await saidOfRows(trainer, rows, split.validation)).loss).toBeCloseTo(best.loss, 6);
    await trainer.release();
  });

  test('without rows to stop by goes to its end, and is of its seed', async () => {
    const run = async (seed: number) => {
      const { trainer, rows } = await opened();
      const done = await fitRows(trainer, rows, { train: all, validation: [] }, { ...options, epochs: 4, seed });
      await trainer.release();
      return done;
    };
    const first = await run(1);
    expect(first.curve.map(({ epoch, validationLoss }) => [epoch, validationLoss])).toEqual(
      [1, 2, 3, 4].map((epoch) => [epoch, undefined]),
    );
    expect(first.best.epoch).toBe(4);
    expect(hex(await run(1))).toBe(hex(first));
    expect(hex(await run(2))).not.toBe(hex(first));
  });
});

test('what is no checkpoint, or half of one, is refused', async () => {
  const { trainer, rows } = await opened();
  const progress = await fitRows(trainer, rows, split, { ...options, epochs: 1 });
  await trainer.release();
  const bytes = encodeCheckpoint({ id: 'a', progress });
  for (const other of [
    new Uint8Array(),
    new Uint8Array(2),
    new TextEncoder().encode('a model it is'),
    bytes.subarray(0, 40),
  ])
    expect(() => decodeCheckpoint(other)).toThrow('expected a checkpoint of a training');
  expect(() => decodeCheckpoint(bytes.subarray(0, -1))).toThrow('ends too early');
});
