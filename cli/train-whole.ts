import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import { sourceDigest } from '../src/adapters/source-digest.ts';
import { fillRecipe } from '../src/adapters/training/fill-recipe.ts';
import { runTraining } from '../src/adapters/training/run-training.ts';
import { matchesPattern } from '../src/core/matches-pattern.ts';
import { prepareRows } from '../src/core/training/prepare-rows.ts';
import { tablesAndNumbers } from '../src/graph/gradient/tables-and-numbers.ts';
import { wordTables } from '../src/graph/gradient/word-tables.ts';
import { fixedWeights } from '../src/graph/networks/fixed-weights.ts';
import { dataOf } from './data-of.ts';
import type { Source } from './find-source.ts';
import { openTrainingSource, type TrainingSource } from './open-training-source.ts';
import { refuseVectors } from './refuse-vectors.ts';
import { type StoredTraining, storeTrained } from './store-trained.ts';
import { tensorsOfAll } from './tensors-of-all.ts';
import { textsBeside } from './texts-beside.ts';
import { trainHead } from './train-head.ts';
import type { TrainOptions } from './train-options.ts';
import type { TrainingMeans } from './training-means.ts';
import { UsageError } from './usage-error.ts';
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
  if (opened.preprocess?.folder.config?.name === 'feature-extraction' && freeze.length === 0)
    return trainHead(name, source, { ...options, head: 'linear' }, means);
  refuseVectors(recipe, 'a whole model');
  const { inputNames, output, rows, test } = opened;
  const { seed, split: shares } = recipe;
  const hasLabels = recipe.loss?.kind === 'binary-cross-entropy';
  const classes = classesOf(opened) ?? (hasLabels ? [options.target ?? '1'] : undefined);
  const ofClasses = hasLabels ? 'labels' : 'classes';
  const predicts = recipe.loss?.kind === 'mean-squared-error' || !classes ? 'numbers' : ofClasses;
  const known = predicts === 'numbers' ? undefined : classes;
  const prepared = prepareRows(rows, test, { predicts, classes: known, shares, seed });
  const inputs = await tensorsOfAll(rows, test);
  const words = wordTables(model);
  const left = new Set(Array.from(tablesAndNumbers(model)).filter((weight) => !words.has(weight)));
  checkFrozen(freeze, [...model.graph.initializers.keys()]);
  const made = {
    source: { name: source.label, sha256: await sourceDigest(source.toPush.model) },
    data: dataOf(rows, test),
    passes: ['further training', ...(freeze.length > 0 ? [`without ${freeze.join(', ')}`] : [])],
  };
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
      isFrozen: (weight) =>
        weight.startsWith(fixedWeights) ||
        left.has(weight) ||
        freeze.some((pattern) => matchesPattern(pattern, weight)),
    }),
  );
  return storeTrained(options, {
    name,
    model: trained.model,
    inputNames,
    output: output.name,
    inputsOf: async (row) => inputs[row] ?? [],
    trained,
    texts: await textsOf(source, hasLabels, scratch),
    recipe,
    made,
    scratch,
  });
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

const mostShown = 20;

/** A name that is mistyped would have all of the model trained, and nobody would be told. */
function checkFrozen(freeze: readonly string[], weights: readonly string[]): void {
  const strange = freeze.find((pattern) => !weights.some((weight) => matchesPattern(pattern, weight)));
  if (strange === undefined) return;
  const names = weights.slice(0, mostShown).join(', ') + (weights.length > mostShown ? ', …' : '');
  throw new UsageError(`--freeze: no weight of the model is called '${strange}'; it has ${names}`);
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
