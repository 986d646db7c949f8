import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import { sourceDigest } from '../src/adapters/source-digest.ts';
import { fillRecipe } from '../src/adapters/training/fill-recipe.ts';
import { runTraining } from '../src/adapters/training/run-training.ts';
import type { PrepareOptions } from '../src/core/training/prepare-rows.ts';
import { checkGradients } from '../src/graph/gradient/gradient-graph.ts';
import { dataOf } from './data-of.ts';
import type { Source } from './find-source.ts';
import { frozenWeights } from './frozen-weights.ts';
import { learnedBy } from './learned-by.ts';
import { openTrainingSource, type SourceRows } from './open-training-source.ts';
import { preparedBy } from './prepared-by.ts';
import { refuseVectors } from './refuse-vectors.ts';
import { type StoredTraining, storeTrained } from './store-trained.ts';
import { tensorsOfAll } from './tensors-of-all.ts';
import { textsBeside } from './texts-beside.ts';
import { trainHead } from './train-head.ts';
import type { TrainOptions } from './train-options.ts';
import type { TrainingMeans } from './training-means.ts';
import { watchTraining } from './watch-training.ts';

const ofLabels = 'multi_label_classification';

/** Goes on training a model, all of it that is not frozen, on rows of its own classes or numbers. */
export async function trainWhole(
  name: string,
  source: Source,
  options: TrainOptions,
  means: TrainingMeans,
): Promise<StoredTraining> {
  const { recipe: given, scratch, signal, cuda } = means;
  const { freeze = [] } = options;
  const filled = fillRecipe(given, 'whole');
  const model = await openOnnxModel(source.toPush.model);
  const opened = await openTrainingSource(source, options, scratch, filled.loss);
  // Nothing that it gives could be learned by; a head on it can.
  if (opened.preprocess?.folder.config?.name === 'feature-extraction' && freeze.length === 0) {
    console.error(
      `note: ${source.label} gives vectors, and stays as it is: a network learns from them, as with --head linear`,
    );
    return trainHead(name, source, { ...options, head: 'linear' }, means);
  }
  refuseVectors(filled, 'a whole model');
  const { inputNames, output } = opened;
  const isFrozen = frozenWeights(model, freeze);
  // First: of a model that cannot learn, what its rows have wrong is no help.
  checkGradients(model, output.name, isFrozen);
  const { rows, test } = await opened.readRows();
  const { loss, ...learned } = learnedBy(filled, opened, options.target);
  const recipe = { ...filled, ...(loss && { loss }) };
  const prepared = preparedBy(recipe, rows, test, learned);
  const inputs = await tensorsOfAll(rows, test);
  const made = await madeOf(source, { rows, test }, freeze);
  const trained = await watchTraining(options, { name, recipe, made, signal }, (run) =>
    runTraining({
      ...run,
      workers: options.workers,
      scratch,
      cuda,
      model,
      inputNames,
      inputs,
      prepared,
      recipe,
      output: output.name,
      isFrozen,
    }),
  );
  return storeTrained(options, {
    name,
    model: trained.model,
    inputNames,
    output: output.name,
    inputsOf: async (row) => inputs[row] ?? [],
    trained,
    texts: await textsOf(source, learned.predicts, scratch),
    recipe,
    made,
    scratch,
  });
}

/** How it came about, for its manifest. */
async function madeOf({ label, toPush }: Source, { rows, test }: SourceRows, freeze: readonly string[]) {
  return {
    source: { name: label, sha256: await sourceDigest(toPush.model) },
    data: dataOf(rows, test),
    passes: ['further training', ...(freeze.length > 0 ? [`without ${freeze.join(', ')}`] : [])],
  };
}

/** What serves it is to read its answers as it learned to give them. */
async function textsOf(
  source: Source,
  predicts: PrepareOptions['predicts'],
  scratch: string,
): Promise<ReadonlyMap<string, string>> {
  const texts = await textsBeside(source);
  const file = texts.get('config.json');
  if (file === undefined) return texts;
  const config = JSON.parse(await readFile(file, 'utf8'));
  if ((predicts === 'labels') === (config.problem_type === ofLabels)) return texts;
  const kind = { labels: ofLabels, numbers: 'regression' }[predicts as string] ?? 'single_label_classification';
  const path = join(scratch, 'config.json');
  await writeFile(path, `${JSON.stringify({ ...config, problem_type: kind }, null, 2)}\n`);
  return new Map([...texts, ['config.json', path]]);
}
