import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { writeOnnxModel } from '../../../src/adapters/onnx-files/write-onnx-model.ts';
import { fillRecipe } from '../../../src/adapters/training/fill-recipe.ts';
import { leaveRounds } from '../../../src/adapters/training/leave-rounds.ts';
import { openRoundMeans } from '../../../src/adapters/training/open-round-means.ts';
import { openTrainer } from '../../../src/adapters/training/open-trainer.ts';
import { RoundsLeft } from '../../../src/adapters/training/rounds-left.ts';
import type { SameTraining } from '../../../src/adapters/training/training-id.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { doTask } from '../../../src/core/training/do-task.ts';
import type { FitProgress } from '../../../src/core/training/fit-progress.ts';
import { type FitOptions, fitRows } from '../../../src/core/training/fit-rows.ts';
import { trainInRounds, type WorkerTask } from '../../../src/core/training/train-in-rounds.ts';
import { TrainingRows } from '../../../src/core/training/training-rows.ts';
import { reduceRound } from '../../../src/core/training-rounds/reduce-round.ts';
import { resumeRounds } from '../../../src/core/training-rounds/resume-rounds.ts';
import type { RoundMeans } from '../../../src/core/training-rounds/round-means.ts';
import { resultFile } from '../../../src/core/training-rounds/rounds-files.ts';
import { workRound } from '../../../src/core/training-rounds/work-round.ts';
import { WorkerFailure } from '../../../src/core/training-rounds/worker-failure.ts';
import type { Optimizer } from '../../../src/graph/gradient/optimizers/optimizer.ts';
import { newNetwork } from '../../../src/graph/networks/new-network.ts';
import type { FixedTensor, Tensor } from '../../../src/protocol/tensor.ts';

jest.setTimeout(120_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-rounds-'));
});
afterAll(() => rm(folder, { recursive: true }));

const random = seededRandom(7);
const targets = Array.from({ length: 70 }, (_row, at) => at % 2);
const inputs = targets.map((target): readonly Tensor[] => {
  const values = Float32Array.of(target + random(), random());
  return [{ datatype: 'FP32', shape: [1, 2], data: new Uint8Array(values.buffer) }];
});
const network = newNetwork(
  { kind: 'mlp', hidden: [4], input: { name: 'x', shape: [2] }, output: { name: 'logits', size: 2 } },
  seededRandom(1),
);
const all = [...targets.keys()];
// 44 rows are 6 batches, of which the last has 4: rounds of a pass have 3 workers, then 3 with less to do.
const split = { train: all.slice(0, 44), validation: all.slice(44, 60) };
const { signal } = new AbortController();

interface Asked {
  readonly optimizer: Optimizer;
  readonly workers: number;
  readonly localSteps: number;
  readonly epochs: number;
  readonly rate: number;
}

const asked: Asked = { optimizer: { kind: 'adam' }, workers: 2, localSteps: 2, epochs: 5, rate: 0.05 };
const fitOf = ({ epochs }: Asked) => ({ epochs, batchRows: 8, patience: 2, seed: 3 });
const sameOf = ({ optimizer, epochs, rate, localSteps, workers }: Asked): SameTraining => ({
  recipe: fillRecipe({ optimizer, epochs, localSteps, learningRate: rate }, 'mlp'),
  made: { source: { name: 'rows.csv', sha256: '0' }, passes: ['new mlp'] },
  target: 'kind',
  columns: undefined,
  workers,
});
const optionsOf = ({ optimizer }: Asked) => ({ loss: { kind: 'cross-entropy' }, optimizer }) as const;

async function opened(training: Asked) {
  const { trainer, target } = await openTrainer(network, optionsOf(training), { threads: 1 });
  return { trainer, rows: { inputNames: ['x'], inputs, targets, target: { name: target, isClass: true } } };
}

/** As processes side by side do it, or one alone. */
async function fitted(training: Asked, isAlone = false): Promise<FitProgress> {
  const { trainer, rows: options } = await opened(training);
  const rows = new TrainingRows(options);
  const { workers, localSteps, rate } = training;
  const worker = await opened(training);
  const run = async (tasks: readonly WorkerTask[]) => {
    const results = [];
    for (const task of tasks) results.push(structuredClone(await doTask(worker.trainer, rows, task)));
    return results;
  };
  const pass = (batches: readonly (readonly number[])[]) =>
    trainInRounds(trainer, batches, { workers, localSteps, rateOf: () => rate, run });
  const fit: FitOptions = { ...fitOf(training), rateOf: () => rate, ...(!isAlone && { pass }) };
  const done = await fitRows(trainer, rows, split, fit);
  for (const each of [trainer, worker.trainer]) await each.release();
  return done;
}

/** Leaves rounds to others, as the command does. */
async function leave(name: string, training: Asked): Promise<void> {
  const { trainer, rows } = await opened(training);
  const path = join(folder, `${name}.onnx`);
  await writeOnnxModel(network, path);
  const { workers, localSteps, rate } = training;
  const [learningRate, options, { trained }] = [{ rate }, optionsOf(training), trainer];
  const plan = { ...fitOf(training), workers, localSteps, learningRate, options, trained };
  try {
    const { leave: begin } = await leaveRounds(join(folder, name), sameOf(training));
    await begin({ path, trainer, rows, split, plan });
  } finally {
    await trainer.release();
  }
}

type Work = (round: number, shards: readonly number[], means: Means) => Promise<void>;
interface Means {
  readonly store: DirectoryObjectStore;
  readonly worker: RoundMeans;
  readonly reducer: RoundMeans;
}

const once: Work = async (round, shards, { store, worker }) => {
  for (const shard of shards) await workRound(store, worker, { round, shard, signal });
};

/** Does rounds until nothing is left to do. */
async function inRounds(name: string, training: Asked, work: Work = once): Promise<FitProgress | undefined> {
  await expect(leave(name, training)).rejects.toThrow(RoundsLeft);
  const store = new DirectoryObjectStore(join(folder, name));
  const means = {
    store,
    worker: await openRoundMeans(store, 'train'),
    reducer: await openRoundMeans(store, 'validation'),
  };
  try {
    let next = (await resumeRounds(store))?.next;
    while (next?.state === 'round') {
      await work(next.round, next.shards, means);
      ({ next } = await reduceRound(store, means.reducer, next.round, signal));
    }
  } finally {
    for (const { trainer } of [means.worker, means.reducer]) await trainer.release();
  }
  return (await leaveRounds(join(folder, name), sameOf(training))).from;
}

const hex = (tensors: ReadonlyMap<string, FixedTensor>) =>
  Object.fromEntries(Array.from(tensors, ([name, { data }]) => [name, Buffer.from(data).toString('hex')]));
const shown = (progress: FitProgress | undefined) =>
  progress && {
    ...{ curve: progress.curve, steps: progress.steps, states: hex(progress.states) },
    best: { ...progress.best, weights: hex(progress.best.weights) },
  };
const values = ({ best }: FitProgress) =>
  Array.from(best.weights.values(), ({ data }) => [...new Float32Array(data.slice().buffer)]).flat();

async function bytesIn(name: string): Promise<Record<string, string>> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name: file }) => join(parentPath, file));
  const contents = files.map(async (path) => [
    path.slice(join(folder, name).length),
    (await readFile(path)).toString('hex'),
  ]);
  return Object.fromEntries(await Promise.all(contents));
}

test('rounds that functions do come to the bytes that processes side by side come to', async () => {
  for (const training of [asked, { ...asked, workers: 3, localSteps: 1, optimizer: { kind: 'sgd' } } as const]) {
    const here = await fitted(training);
    const there = await inRounds(`same-${training.workers}`, training);
    expect(here.curve.length).toBeGreaterThan(1);
    expect(shown(there)).toEqual(shown(here));
  }
});

test.each([
  ['gradient descent', { kind: 'sgd' }],
  ['momentum', { kind: 'sgd', momentum: 0.9 }],
  ['momentum that looks ahead', { kind: 'sgd', momentum: 0.9, nesterov: true }],
] as const)('with one step of %s each, three come to what one process comes to by itself', async (name, optimizer) => {
  const training = { ...asked, localSteps: 1, optimizer, workers: 3, epochs: 3 };
  const [one, many] = [await fitted(training, true), (await inRounds(name, training)) as FitProgress];
  expect([many.steps, many.curve.length]).toEqual([one.steps, 3]);
  const wanted = values(one);
  for (const [at, value] of values(many).entries()) expect(Math.abs(value - (wanted[at] ?? 0))).toBeLessThan(1e-6);
});

test('workers and steps that are lost, late or done twice change nothing', async () => {
  const training = { ...asked, epochs: 2 };
  const smooth = await inRounds('smooth', training);
  const rough = await inRounds('rough', training, async (round, shards, { store, worker, reducer }) => {
    await expect(reduceRound(store, reducer, round, signal)).rejects.toThrow('has not said where it has come to');
    // Another environment does it, and the answer of the first comes when it is over.
    const other = await openRoundMeans(store, 'train');
    for (const shard of [...shards].reverse()) {
      await workRound(store, other, { round, shard, signal });
      await store.remove(resultFile(round, shard));
      await Promise.all([worker, other].map((means) => workRound(store, means, { round, shard, signal })));
    }
    await other.trainer.release();
    const { next, ended } = await reduceRound(store, reducer, round, signal);
    // The pass of every second round is over, and that is said once.
    expect(ended?.epoch).toBe(round % 2 === 1 ? (round + 1) / 2 : undefined);
    expect(await reduceRound(store, reducer, round, signal)).toEqual({ next });
    // A round that is over is not done again.
    await workRound(store, worker, { round, shard: 0, signal });
    // Beginning comes to the same as well, however often.
    await expect(leave('rough', training)).rejects.toThrow(RoundsLeft);
  });
  expect(shown(rough)).toEqual(shown(smooth));
  expect(await bytesIn('rough')).toEqual(await bytesIn('smooth'));
});

test('a loss that is no number any more ends the training, with the reason', async () => {
  const error = await inRounds('diverged', { ...asked, rate: 1e39 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkerFailure);
  expect((error as Error).message).toContain('a lower learning rate may help');
});

test('what would take too many rounds is refused, and so is the folder of another training', async () => {
  await expect(leave('long', { ...asked, localSteps: 1, epochs: 600 })).rejects.toThrow(
    '600 passes over 6 batches by 2 workers are 3600 rounds, more than 1000: expected fewer epochs in the recipe, or localSteps of 3 or more',
  );
  await expect(leave('other', asked)).rejects.toThrow(RoundsLeft);
  await expect(leave('other', { ...asked, epochs: 6 })).rejects.toThrow(
    "has rounds of another training, which differs in 'epochs' of the recipe",
  );
  const store = new DirectoryObjectStore(join(folder, 'other'));
  const means = await openRoundMeans(store, 'train');
  await expect(workRound(store, means, { round: 0, shard: 2, signal })).rejects.toThrow('there is no number 2');
  await expect(workRound(store, means, { round: 1, shard: 0, signal })).rejects.toThrow(
    'the one before it is not over',
  );
  await means.trainer.release();
});
