import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openOnnxModel } from '../../../src/adapters/onnx-files/open-onnx-model.ts';
import { fillRecipe } from '../../../src/adapters/training/fill-recipe.ts';
import type { RecipeFile } from '../../../src/adapters/training/recipe.ts';
import { runTraining, type TrainingRun } from '../../../src/adapters/training/run-training.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/core/training/checkpoint.ts';
import type { FitProgress } from '../../../src/core/training/fit-progress.ts';
import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import type { OnnxModel } from '../../../src/graph/onnx-model.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { Tensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { smallTransformer } from '../../fakes/small-transformer.ts';

jest.setTimeout(120_000);

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tensorgate-rows-in-use-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const [words, width, table] = [20, 16, 'floats0'];
const used = [1, 4, 5, 9, 12, 18];
const model = await readModel(bytesAccess(buildOnnx(smallTransformer({ layers: 1, classes: 2 }))));
const ids = (numbers: readonly number[]): readonly Tensor[] => [
  { datatype: 'INT64', shape: [1, numbers.length], data: new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer) },
];
/** The class is whether the first word is one of the first three; -2 is the last but one of the table. */
const targets = Array.from({ length: 40 }, (_row, at) => at % 2);
const inputs = targets.map((target, at) => {
  const word = (place: number) => used[place % used.length] as number;
  return ids([word((at % 3) + 3 * target), word(at * 5), at % 4 === 0 ? -2 : word(at * 7)]);
});
const all = [...targets.keys()];
const split = { train: all.slice(0, 24), validation: all.slice(24, 32), test: all.slice(32) };
/** A row that is in no part: as it has all words, the table stays whole. */
const allWords = ids(Array.from({ length: words }, (_word, at) => at));

async function trained(more: Partial<TrainingRun> = {}, given: RecipeFile = {}) {
  const kept: FitProgress[] = [];
  const { model: after, ...rest } = await runTraining({
    model,
    inputNames: ['ids'],
    inputs,
    prepared: { predicts: 'classes', classes: ['a', 'b'], targets, size: 1, split, notes: [] },
    recipe: fillRecipe({ epochs: 3, batchRows: 5, learningRate: 0.01, localSteps: 2, ...given }, 'whole'),
    scratch,
    watch: {
      signal: new AbortController().signal,
      onEpoch: async (progress) => void kept.push(decodeCheckpoint(encodeCheckpoint({ id: '', progress })).progress),
    },
    ...more,
  });
  return { ...rest, kept, weights: await weightsOf(after) };
}

async function weightsOf({ graph }: OnnxModel): Promise<ReadonlyMap<string, Uint8Array>> {
  const weights = new Map<string, Uint8Array>();
  for (const [name, { data }] of graph.initializers) weights.set(name, new Uint8Array(await collectBytes(data)));
  return weights;
}

const whole = () => trained({ inputs: [...inputs, allWords] });
const rowOf = (weights: ReadonlyMap<string, Uint8Array>, row: number) =>
  weights.get(table)?.slice(4 * width * row, 4 * width * (row + 1));

test('what is learned with the rows in use has the bytes of what is learned with all of the table', async () => {
  const [short, long, before] = [await trained(), await whole(), await weightsOf(model)];
  expect(short.kept[0]?.weights.get(table)?.shape).toEqual([used.length, width]);
  expect(long.kept[0]?.weights.get(table)?.shape).toEqual([words, width]);
  expect(short.weights).toEqual(long.weights);
  expect({ ...short.report, answers: short.answers }).toEqual({ ...long.report, answers: long.answers });
  for (let row = 0; row < words; row += 1)
    expect([row, Buffer.compare(rowOf(short.weights, row) as Buffer, rowOf(before, row) as Buffer) !== 0]).toEqual([
      row,
      used.includes(row),
    ]);
});

test('clipped by the length of the gradients, it is the same within rounding', async () => {
  const [short, long] = [
    await trained({}, { clipNorm: 0.1 }),
    await trained({ inputs: [...inputs, allWords] }, { clipNorm: 0.1 }),
  ];
  const floats = ({ buffer }: Uint8Array) => new Float32Array(buffer);
  for (const name of [...(short.kept[0]?.weights.keys() ?? [])]) {
    const [some, others] = [short, long].map(({ weights }) => floats(weights.get(name) as Uint8Array));
    for (const [at, value] of (some as Float32Array).entries()) expect(value).toBeCloseTo(others?.[at] ?? 0, 4);
  }
});

test('what draws weights to 0 leaves words alone that no data has', async () => {
  const before = await weightsOf(model);
  const { weights } = await trained({}, { optimizer: { kind: 'adamw', weightDecay: 0.1 } });
  for (const row of [0, 19]) expect(rowOf(weights, row)).toEqual(rowOf(before, row));
});

test('a table that is frozen stays as it is', async () => {
  const { weights, kept } = await trained({ isFrozen: (name) => name === table });
  expect(weights.get(table)).toEqual((await weightsOf(model)).get(table));
  expect(kept[0]?.weights.has(table)).toBe(false);
});

test('a training that goes on after a pass, and one of workers, come to the bytes that they came to', async () => {
  const { weights, kept } = await trained();
  const again = await trained({ from: kept[0] });
  expect(again.kept.length).toBe(2);
  expect(again.weights).toEqual(weights);
  const team = await trained({ workers: 2 });
  const longTeam = await trained({ workers: 2, inputs: [...inputs, allWords] });
  expect(team.weights).toEqual(longTeam.weights);
  expect(team.weights).not.toEqual(weights);
});

test('rounds that are left to others have the rows in use', async () => {
  const sizes: unknown[] = [];
  const leave = async ({ path }: { readonly path: string }): Promise<never> => {
    sizes.push((await openOnnxModel(path)).graph.initializers.get(table)?.shape);
    throw new Error('left');
  };
  await expect(trained({ leave, workers: 2 })).rejects.toThrow('left');
  expect(sizes).toEqual([[used.length, width]]);
});
