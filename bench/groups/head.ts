import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openModel } from '../../cli/open-model.ts';
import { fillRecipe } from '../../src/adapters/training/fill-recipe.ts';
import { runTraining } from '../../src/adapters/training/run-training.ts';
import { scaledNetwork } from '../../src/adapters/training/scaled-network.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import type { ClassificationMetrics } from '../../src/core/training/classification-metrics.ts';
import { prepareRows } from '../../src/core/training/prepare-rows.ts';
import { fixedWeights } from '../../src/graph/networks/fixed-weights.ts';
import { newNetwork } from '../../src/graph/networks/new-network.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import type { BenchRow } from '../bench-row.ts';
import { type BankingTexts, bankingTexts } from '../factory/banking-texts.ts';
import { textVectors } from '../factory/text-vectors.ts';
import { median } from '../median.ts';
import { minilmModel } from '../models/minilm-model.ts';
import { bankingRecipe } from '../train/banking-recipe.ts';

const what = "a linear head on MiniLM's vectors, banking77";
const against = '10,003 texts to learn from, 3,080 to measure by';
/** Kept, as making them takes minutes. */
const file = '.cache/bench/banking77-vectors.bin';
const rounds = 3;

/**
 * How long a head learns, and is measured, once there are vectors of all texts, as `train --head` has it do; and how
 * good it is.
 */
export async function* benchHead(): AsyncGenerator<BenchRow> {
  let folder: string | undefined;
  try {
    folder = minilmModel();
  } catch (error) {
    return yield { what, against, skipped: (error as Error).message };
  }
  if (!folder) return yield { what, against, skipped: '../shared/testdata is not there' };
  const texts = [await bankingTexts('train', folder), await bankingTexts('test', folder)] as const;
  const inputs = await vectorsOf(`${folder}/model.onnx`, texts);
  const milliseconds: number[] = [];
  let accuracy = 0;
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    accuracy = await learned(texts, inputs);
    milliseconds.push(performance.now() - began);
  }
  const all = milliseconds.map((each) => (each / 1000).toFixed(2));
  yield {
    what: `${what}: time after embedding`,
    against,
    measured: median(milliseconds),
    unit: 'ms',
    target: { atMost: 3000 },
    figures: `${all.join(', ')} s`,
  };
  yield {
    what: `${what}: accuracy`,
    against,
    measured: 100 * accuracy,
    unit: 'points',
    target: { atLeast: 92.5 },
    figures: `${(100 * accuracy).toFixed(2)} % right`,
  };
}

/** The accuracy that a head comes to. */
async function learned(
  [train, test]: readonly [BankingTexts, BankingTexts],
  inputs: readonly [FixedTensor][],
): Promise<number> {
  const recipe = fillRecipe(bankingRecipe, 'head');
  const rowsOf = (label: string, { ids, classes }: BankingTexts) => ({
    label,
    targets: classes,
    keys: ids.map(String),
  });
  const { split: shares, seed } = recipe;
  const prepared = prepareRows(rowsOf('train', train), rowsOf('test', test), { predicts: 'classes', shares, seed });
  const network = scaledNetwork({
    kind: 'logistic',
    hidden: [],
    input: 'vector',
    inputs,
    columns: 'alike',
    prepared,
    output: 'logits',
  });
  const { report } = await runTraining({
    model: newNetwork(network, seededRandom(seed)),
    inputNames: ['vector'],
    inputs,
    prepared,
    recipe,
    isFrozen: (weight) => weight.startsWith(fixedWeights),
    scratch: '.cache/bench',
    watch: {},
  });
  return (report.metrics as ClassificationMetrics).accuracy.value;
}

/** As inputs of a head. */
async function vectorsOf(path: string, texts: readonly BankingTexts[]): Promise<readonly [FixedTensor][]> {
  if (!existsSync(file)) {
    console.error('MiniLM reads the texts of banking77 …');
    const session = await openModel(path, 'MiniLM');
    const vectors: Float64Array[] = [];
    for (const { ids } of texts) vectors.push(...(await textVectors(session, ids)));
    await session.release();
    writeFileSync(file, Buffer.concat(vectors.map((vector) => new Uint8Array(Float32Array.from(vector).buffer))));
  }
  const bytes = readFileSync(file);
  const count = texts.reduce((sum, { ids }) => sum + ids.length, 0);
  const size = bytes.length / count;
  return Array.from({ length: count }, (_row, at): [FixedTensor] => [
    { datatype: 'FP32', shape: [1, size / 4], data: Uint8Array.from(bytes.subarray(at * size, (at + 1) * size)) },
  ]);
}
