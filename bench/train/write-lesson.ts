import { mkdirSync, writeFileSync } from 'node:fs';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { shuffle } from '../../src/core/shuffle.ts';
import { countElements } from '../../src/protocol/count-elements.ts';
import { buildOnnx } from '../../test/fakes/onnx-builder.ts';
import { randomFloats } from '../models/random-floats.ts';
import { batchRows, type TrainingNetworkKind, trainingNetwork } from './training-network.ts';
import { wordsInUse } from './words-in-use.ts';

/**
 * What `lesson.json` says of `lesson.bin`: there the batch is, its labels (INT64), and all weights in FP32, one after
 * the other.
 */
export interface Lesson {
  readonly kind: TrainingNetworkKind;
  readonly input: { readonly name: string; readonly datatype: 'FP32' | 'INT64'; readonly shape: readonly number[] };
  readonly rows: number;
  /** Of whole numbers, all that the data has which the batch is of. */
  readonly numbers: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly learningRate: number;
}

/** Writes a network with its first weights, and a batch that it is trained with, to a folder, which is told. */
export function writeLesson(kind: TrainingNetworkKind): string {
  const folder = `.cache/bench/train/${kind}`;
  const { graph, input, words, classes } = trainingNetwork(kind);
  const random = seededRandom(2);
  const count = countElements(input.shape);
  const wholes = (length: number, most: number) =>
    BigInt64Array.from({ length }, () => BigInt(Math.floor(random() * most)));
  const numbers = input.datatype === 'FP32' ? [] : someOf(words, random);
  const tokens = () => wholes(count, numbers.length).map((at) => BigInt(numbers[Number(at)] as number));
  const batch = input.datatype === 'FP32' ? randomFloats(count, 1, random) : tokens();
  const weights = (graph.initializers ?? []).filter(({ datatype, shape }) => datatype === 'FP32' && shape.length > 0);
  const lesson: Lesson = {
    kind,
    input,
    rows: batchRows,
    numbers,
    weights: weights.map(({ shape }) => shape),
    learningRate: 1e-4,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/model.onnx`, buildOnnx(graph));
  writeFileSync(`${folder}/lesson.json`, JSON.stringify(lesson));
  const parts = [batch, wholes(batchRows, classes)].map(({ buffer }) => new Uint8Array(buffer));
  writeFileSync(`${folder}/lesson.bin`, Buffer.concat([...parts, ...weights.map(({ data }) => data as Uint8Array)]));
  return folder;
}

/** As many words as are in use, spread over all. */
function someOf(words: number, random: () => number): readonly number[] {
  const all = Array.from({ length: words }, (_word, at) => at);
  shuffle(all, random);
  return all.slice(0, wordsInUse);
}
