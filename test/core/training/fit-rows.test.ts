import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { writeOnnxModel } from '../../../src/adapters/onnx-files/write-onnx-model.ts';
import { openTrainer } from '../../../src/adapters/training/open-trainer.ts';
import { TrainingWorkers } from '../../../src/adapters/training/training-workers.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/core/training/checkpoint.ts';
import { doTask } from '../../../src/core/training/do-task.ts';
import type { FitProgress } from '../../../src/core/training/fit-progress.ts';
import { type FitOptions, fitRows } from '../../../src/core/training/fit-rows.ts';
import { saidOfRows } from '../../../src/core/training/said-of-rows.ts';
import { trainInRounds, type WorkerTask } from '../../../src/core/training/train-in-rounds.ts';
import type { Trainer } from '../../../src/core/training/trainer.ts';
import { TrainingRows } from '../../../src/core/training/training-rows.ts';
import { newNetwork } from '../../../src/graph/networks/new-network.ts';
import type { FixedTensor, Tensor } from '../../../src/protocol/tensor.ts';

jest.setTimeout(120_000);

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

const loss = { loss: { kind: 'cross-entropy' } } as const;
const optimizers = { adam: { kind: 'adam' }, sgd: { kind: 'sgd', momentum: 0.9 }, plain: { kind: 'sgd' } } as const;

async function opened(optimizer: keyof typeof optimizers = 'adam') {
  const model = newNetwork(network, seededRandom(1));
  const { trainer, target } = await openTrainer(model, { ...loss, optimizer: optimizers[optimizer] }, { threads: 1 });
  const rows = new TrainingRows({ inputNames: ['x'], inputs, targets, target: { name: target, isClass: true } });
  return { trainer, rows, target };
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

describe('several workers', () => {
  const steps = { rateOf: () => 0.05, workers: 2 };
  const values = ({ trainer }: { readonly trainer: Trainer }) =>
    trainer.trained.flatMap((name) => {
      const { data } = trainer.weights.get(name) as FixedTensor;
      return [...new Float32Array(data.slice().buffer)];
    });

  test('that take one step of gradient descent each come to what one comes to by the same batches', async () => {
    const [one, other, worker] = [await opened('plain'), await opened('plain'), await opened('plain')];
    const run = async (tasks: readonly WorkerTask[]) => {
      const results = [];
      // As from another process: what a worker holds is changed by the next task.
      for (const task of tasks) results.push(structuredClone(await doTask(worker.trainer, worker.rows, task)));
      return results;
    };
    const batches = Array.from({ length: 6 }, (_batch, at) => all.slice(10 * at, 10 * at + 10));
    const sum = await trainInRounds(one.trainer, batches, { ...steps, localSteps: 1, run });
    let expected = 0;
    for (const batch of batches) expected += 10 * (await other.trainer.step(other.rows.batch(batch), 0.05)).loss;
    expect(sum).toBeCloseTo(expected, 4);
    expect(one.trainer.steps).toBe(6);
    const [together, alone] = [values(one), values(other)];
    for (const [at, value] of together.entries()) expect(Math.abs(value - (alone[at] ?? 0))).toBeLessThan(1e-6);
    for (const { trainer } of [one, other, worker]) await trainer.release();
  });

  test('are processes; one that is killed changes nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tensorgate-workers-'));
    const path = join(folder, 'model.onnx');
    await writeOnnxModel(newNetwork(network, seededRandom(1)), path);
    const batches = Array.from({ length: 7 }, (_batch, at) => all.slice(8 * at, 8 * at + 8));
    const pass = async (isKilled: boolean) => {
      const { trainer, target } = await opened();
      const rows = { inputNames: ['x'], inputs, targets, target: { name: target, isClass: true } };
      const options = { ...loss, optimizer: { kind: 'adam' } } as const;
      const team = new TrainingWorkers({ path, options, trained: trainer.trained, rows });
      let round = 0;
      const run = (tasks: readonly WorkerTask[]) => {
        round += 1;
        if (isKilled && round === 2) process.kill(team.pids[1] as number, 'SIGKILL');
        return team.run(tasks);
      };
      const sum = await trainInRounds(trainer, batches, { ...steps, localSteps: 2, run });
      team.close();
      await trainer.release();
      return { sum, steps: trainer.steps, weights: values({ trainer }) };
    };
    const whole = await pass(false);
    expect(whole.steps).toBe(4);
    expect(await pass(true)).toEqual(whole);
    await rm(folder, { recursive: true });
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
