import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import { sourceDigest } from '../src/adapters/source-digest.ts';
import type { DataRows } from '../src/adapters/training/data-rows.ts';
import { fillRecipe } from '../src/adapters/training/fill-recipe.ts';
import { scaledNetwork } from '../src/adapters/training/scaled-network.ts';
import { vectorsOf } from '../src/adapters/training/vectors-of.ts';
import { poolingOf } from '../src/core/hugging-face/pooling-of.ts';
import { appendNetwork } from '../src/graph/networks/append-network.ts';
import { withVectors } from '../src/graph/networks/with-vectors.ts';
import type { FixedTensor } from '../src/protocol/tensor.ts';
import { dataOf } from './data-of.ts';
import type { Source } from './find-source.ts';
import { headConfig } from './head-config.ts';
import { openTrainingSource } from './open-training-source.ts';
import { predictedBy } from './predicted-by.ts';
import { preparedBy } from './prepared-by.ts';
import { SampleProgress } from './sample-progress.ts';
import { type StoredTraining, storeTrained } from './store-trained.ts';
import { textsBeside } from './texts-beside.ts';
import { trainNetwork } from './train-network.ts';
import type { TrainOptions } from './train-options.ts';
import type { TrainingMeans } from './training-means.ts';

/** The input of a head by itself. */
const vectorInput = 'vector';

/** Trains a network on the vectors that a model gives, and stores both as one model. */
export async function trainHead(
  name: string,
  source: Source,
  options: TrainOptions,
  means: TrainingMeans,
): Promise<StoredTraining> {
  const { scratch, signal, cuda } = means;
  const kind = options.head === 'mlp' ? 'mlp' : 'logistic';
  const recipe = fillRecipe(means.recipe, options.head === 'mlp' ? 'mlpHead' : 'head');
  const opened = await openTrainingSource(source, options, scratch, recipe.loss);
  const { preprocess, inputNames, readText, readRows } = opened;
  const { rows, test } = await readRows();
  const predicts = predictedBy('mlp', recipe, rows.targets);
  // First: what cannot be learned from is told before a model has read all of it.
  const prepared = preparedBy(recipe, rows, test, { predicts, alone: options.target });
  const model = await openOnnxModel(source.toPush.model);
  const { pool } = await poolingOf(readText, model.graph.outputs);
  const base = withVectors(model, {
    mode: pool.mode ?? 'mean',
    normalize: preprocess?.takes === 'text' && (pool.normalize ?? true),
  });
  const inputs = await shownVectors(source.label, test ? [rows, test] : [rows], (each, onRow) =>
    vectorsOf(base, each, { inputNames, scratch, signal, cuda, onRow }),
  );
  const isVector = predicts === 'vectors';
  const network = scaledNetwork({
    kind,
    hidden: recipe.hidden,
    input: vectorInput,
    inputs,
    columns: 'alike',
    prepared,
    output: isVector ? 'sentence_embedding' : 'logits',
  });
  const made = {
    source: { name: source.label, sha256: await sourceDigest(source.toPush.model) },
    data: dataOf(rows, test),
    passes: [`a ${options.head} head`],
  };
  // On the processor: steps of a head are shorter than the way to a GPU.
  const trained = await trainNetwork(options, {
    name,
    recipe,
    made,
    signal,
    network,
    inputNames: [vectorInput],
    inputs,
    prepared,
    scratch,
  });
  // One that gives vectors is for what it was for.
  const config = isVector ? undefined : preprocess && (await headConfig(readText, preprocess.takes, prepared));
  const path = join(scratch, 'config.json');
  if (config !== undefined) await writeFile(path, config);
  const count = rows.keys.length;
  return storeTrained(options, {
    name,
    model: appendNetwork(base.model, base.output, trained.model),
    inputNames,
    inputsOf: async (row) => (row < count ? rows.tensorsOf(row) : (test?.tensorsOf(row - count) ?? [])),
    trained,
    texts: new Map([...(await textsBeside(source)), ...(config === undefined ? [] : [['config.json', path] as const])]),
    recipe,
    made,
    scratch,
  });
}

/** What a model gives for all rows, as inputs of a head, with its progress shown. */
async function shownVectors(
  label: string,
  all: readonly DataRows[],
  vectorsIn: (rows: DataRows, onRow: () => void) => Promise<readonly FixedTensor[]>,
): Promise<[FixedTensor][]> {
  const inputs: [FixedTensor][] = [];
  const progress = new SampleProgress(all.reduce((sum, { keys }) => sum + keys.length, 0));
  progress.next(label);
  try {
    for (const rows of all) {
      for (const vector of await vectorsIn(rows, () => progress.answered())) inputs.push([vector]);
    }
    return inputs;
  } finally {
    progress.stop();
  }
}
