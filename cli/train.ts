import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { findRows } from '../src/adapters/training/find-rows.ts';
import { readRecipe } from '../src/adapters/training/read-recipe.ts';
import type { RecipeFile } from '../src/adapters/training/recipe.ts';
import { RoundsLeft } from '../src/adapters/training/rounds-left.ts';
import { headKinds } from '../src/core/training/head-kinds.ts';
import { mostCount } from '../src/core/training/most-count.ts';
import { namedColumns } from '../src/core/training/named-columns.ts';
import { networkKinds } from '../src/core/training/network-kinds.ts';
import type { NetworkKind } from '../src/graph/networks/network.ts';
import { checkWritable } from './check-writable.ts';
import { drawingToWrite } from './drawing-to-write.ts';
import { findSource, type Source } from './find-source.ts';
import { gpuDeviceOption } from './gpu-device-option.ts';
import { gpuOf } from './gpu-of.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { jsonOption } from './json-option.ts';
import { leftStatus } from './left-status.ts';
import { madeName } from './made-name.ts';
import { madeNameOption } from './made-name-option.ts';
import { modelsOption } from './models-option.ts';
import { positive } from './positive.ts';
import { pushedAs } from './pushed-as.ts';
import { readAs } from './read-as.ts';
import { tellTrained } from './tell-trained.ts';
import { trainHead } from './train-head.ts';
import { trainNew } from './train-new.ts';
import type { TrainOptions } from './train-options.ts';
import { trainWhole } from './train-whole.ts';
import type { TrainingMeans } from './training-means.ts';
import { trainingProvidersOption } from './training-providers-option.ts';
import { unreadable } from './unreadable.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { UsageError } from './usage-error.ts';
import { wholeNumber } from './whole-number.ts';

const explanation = `
Rows are parted with a seed, each class alike: most to train with, some to stop by, some to measure by. Rows that are the same stay in one part. What cannot be learned
from is refused with the numbers of its rows, of which the first is 1 and a header none. The same data, recipe and seed give the same bytes.`;

/** `tensorgate train`: a version of a model that has learned from rows of data. */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'train a model on rows of data, measure it by rows that it did not learn from, and store it as a version',
    )
    .argument(
      '<model>',
      'an ONNX file or a folder with one, or a model of the repository, such as encoder or encoder@4; with --new, what it is to be called, such as colours or colours@2',
    )
    .requiredOption(
      '--data <file>',
      'rows to learn from, here or at s3://<bucket>/<key>: .csv, .tsv, .jsonl, these also with .gz behind, .parquet; or a folder of pictures, in a folder for each class',
    )
    .option('--test <file>', 'rows to measure by; a part of the others without it')
    .option(
      '--target <column>',
      'the column with the class, or the number, that is to be told; label, completion or messages without it',
    )
    .option('--columns <names>', 'the columns to tell it by, such as p0..p63,age; all others without it', columnNames)
    .addOption(new Option('--new <network>', 'make a small network').choices(networkKinds))
    .addOption(
      new Option('--head <network>', 'train this on what the model gives, which stays as it is').choices(headKinds),
    )
    .option('--freeze <weights...>', 'weights that stay as they are, such as encoder.layer.0.*')
    .addOption(madeNameOption())
    .option('--recipe <file>', 'a recipe.json that says how (docs/training.md)')
    .option('--epochs <number>', 'passes over the rows, at most', wholeNumber(1, mostCount))
    .option('--batch-rows <number>', 'rows of a step', wholeNumber(1, mostCount))
    .option('--learning-rate-multiplier <number>', 'times the learning rate of the recipe, or the usual one', positive)
    .option('--seed <number>', 'of the split, the first weights and the order of rows', wholeNumber(0, 2 ** 32 - 1))
    .option('--workers <number>', 'processes that train side by side; 1 without it', wholeNumber(1, 64))
    .addOption(trainingProvidersOption())
    .addOption(gpuDeviceOption())
    .option(
      '--checkpoints <folder>',
      'where how far it is is kept after each pass, here or at s3://<bucket>/<prefix>: the same command goes on from there',
    )
    .addOption(new Option('--rounds <folder>', 'where its rounds are left to the functions of a deployment').hideHelp())
    .option(
      '--svg <file>',
      'where to draw the curve and the confusion matrix; train-<name>.svg without it',
      drawingToWrite,
    )
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(train);
}

function columnNames(text: string): readonly string[] {
  const names = namedColumns(text);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return names;
  throw new UsageError(`--columns: expected each column once, got '${twice}' twice`);
}

async function train(model: string, given: TrainOptions): Promise<void> {
  checkOptions(given);
  const source = given.new === undefined ? await findSource(model, given.models) : undefined;
  // A new network is called as the argument says, and gets a number by it, as by --name.
  const options = source ? given : { ...given, name: given.name ?? readAs(pushedAs, model) };
  const name = await madeName(model, source?.name, options);
  const svg = options.svg ?? readAs(drawingToWrite, `train-${name}.svg`);
  if (options.checkpoints !== undefined) await checkWritable(options.checkpoints);
  const recipe = { ...(options.recipe === undefined ? {} : await recipeOf(options.recipe)), ...ownRecipe(options) };
  await untilInterrupted(async (signal) =>
    inScratchFolder(async (scratch) => {
      await checkColumns(options, scratch);
      const means = { recipe, scratch, signal, cuda: gpuOf(options) };
      await tellTrained(name, await trained(name, source, options, means), { ...options, svg });
    }),
  ).catch(tellLeft);
}

function tellLeft(error: unknown): void {
  if (!(error instanceof RoundsLeft)) throw error;
  console.error(error.message);
  process.exitCode = leftStatus;
}

function trained(name: string, source: Source | undefined, options: TrainOptions, means: TrainingMeans) {
  if (!source) return trainNew(name, options.new as NetworkKind, options, means);
  return options.head ? trainHead(name, source, options, means) : trainWhole(name, source, options, means);
}

function checkOptions({ new: network, head, freeze, workers = 1, executionProviders }: TrainOptions): void {
  const given = [network && '--new', head && '--head', freeze && '--freeze'].filter((option) => option !== undefined);
  if (given.length > 1)
    throw new UsageError(
      `expected one of --new, --head and --freeze, got ${given.join(' and ')}: a new network has nothing to freeze, and under a head all is frozen`,
    );
  if (workers > 1 && executionProviders.includes('cuda'))
    throw new UsageError(
      `expected --execution-providers cpu with --workers ${workers}, got ${executionProviders}: workers are processes, which would share one GPU`,
    );
}

/** A folder has no columns: what names some would have no effect. */
async function checkColumns({ data, target, columns }: TrainOptions, scratch: string): Promise<void> {
  const option = target === undefined ? columns && '--columns' : '--target';
  if (option === undefined || (await findRows(data, scratch))) return;
  throw new UsageError(
    `expected no ${option} with ${data}: it is a folder, whose own folders are the classes of the pictures in them`,
  );
}

function ownRecipe({ epochs, batchRows, learningRateMultiplier, seed }: TrainOptions): RecipeFile {
  const given = Object.entries({ epochs, batchRows, learningRateMultiplier, seed });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

async function recipeOf(file: string) {
  return readRecipe(await readFile(file, 'utf8').catch(unreadable(file)), file);
}
