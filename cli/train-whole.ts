import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import { sourceDigest } from '../src/adapters/source-digest.ts';
import { fillRecipe } from '../src/adapters/training/fill-recipe.ts';
import type { Recipe } from '../src/adapters/training/recipe.ts';
import { runTraining } from '../src/adapters/training/run-training.ts';
import type { PrepareOptions } from '../src/core/training/prepare-rows.ts';
import { checkGradients } from '../src/graph/gradient/gradient-graph.ts';
import { dataOf } from './data-of.ts';
import type { Source } from './find-source.ts';
import { frozenWeights } from './frozen-weights.ts';
import { openTrainingSource, type SourceRows, type TrainingSource } from './open-training-source.ts';
import { preparedBy } from './prepared-by.ts';
import { refuseVectors } from './refuse-vectors.ts';
import { type StoredTraining, storeTrained } from './store-trained.ts';
import { tensorsOfAll } from './tensors-of-all.ts';
import { textsBeside } from './texts-beside.ts';
import { trainHead } from './train-head.ts';
import type { TrainOptions } from './train-options.ts';
import type { TrainingMeans } from './training-means.ts';
import { watchTraining } from './watch-training.ts';

/** Goes on training a model, all of it that is not frozen, on rows of its own classes or numbers. */
export async function trainWhole(
  name: string,
  source: Source,
  options: TrainOptions,
  means: TrainingMeans,
): Promise<StoredTraining> {
  const { recipe: given, scratch, signal, cuda } = means;
  const { freeze = [] } = options;
  const recipe = fillRecipe(given, 'whole');
  const model = await openOnnxModel(source.toPush.model);
  const opened = await openTrainingSource(source, options, scratch);
  // Nothing that it gives could be learned by; a head on it can.
  if (opened.preprocess?.folder.config?.name === 'feature-extraction' && freeze.length === 0) {
    console.error(
      `note: ${source.label} gives vectors, and stays as it is: a network learns from them, as with --head linear`,
    );
    return trainHead(name, source, { ...options, head: 'linear' }, means);
  }
  refuseVectors(recipe, 'a whole model');
  const { inputNames, output } = opened;
  const isFrozen = frozenWeights(model, freeze);
  // First: of a model that cannot learn, what its rows have wrong is no help.
  checkGradients(model, output.name, isFrozen);
  const { rows, test } = await opened.readRows();
  const learned = learnedOf(recipe, opened, options.target);
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
    texts: await textsOf(source, learned.predicts === 'labels', scratch),
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

/** What serves it is to tell of each class for itself, where it learned to. */
async function textsOf(source: Source, hasLabels: boolean, scratch: string): Promise<ReadonlyMap<string, string>> {
  const texts = await textsBeside(source);
  const file = texts.get('config.json');
  if (!hasLabels || file === undefined) return texts;
  const path = join(scratch, 'config.json');
  const config = { ...JSON.parse(await readFile(file, 'utf8')), problem_type: 'multi_label_classification' };
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`);
  return new Map([...texts, ['config.json', path]]);
}

/** What of a row it learns to tell, and of which classes; undefined for numbers. */
function learnedOf(
  { loss }: Recipe,
  opened: TrainingSource,
  target: string | undefined,
): Pick<PrepareOptions, 'predicts' | 'classes'> {
  const hasLabels = loss?.kind === 'binary-cross-entropy';
  const classes = classesOf(opened) ?? (hasLabels ? [target ?? '1'] : undefined);
  if (loss?.kind === 'mean-squared-error' || !classes) return { predicts: 'numbers', classes: undefined };
  return { predicts: hasLabels ? 'labels' : 'classes', classes };
}

/** The names of a model's classes, or their numbers; undefined where its output is one number. */
function classesOf({ preprocess, output: { name, size } }: TrainingSource): readonly string[] | undefined {
  if (preprocess?.folder.config?.name === 'feature-extraction')
    throw new Error('the model gives vectors, and no classes: --head linear has classes told by them');
  const named = preprocess?.folder.labels.get(name);
  if (named || size === 1) return named;
  if (size < 0) throw new Error(`output '${name}' has a free last dimension: how many classes there are is not known`);
  return Array.from({ length: size }, (_class, place) => String(place));
}
