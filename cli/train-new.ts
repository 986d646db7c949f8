import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillRecipe } from '../src/adapters/training/fill-recipe.ts';
import { readTable, type Table, tableInput } from '../src/adapters/training/read-table.ts';
import type { Recipe, RecipeFile } from '../src/adapters/training/recipe.ts';
import { runTraining } from '../src/adapters/training/run-training.ts';
import { seededRandom } from '../src/core/seeded-random.ts';
import { normalOf } from '../src/core/training/normal-of.ts';
import { prepareRows } from '../src/core/training/prepare-rows.ts';
import type { PreparedRows } from '../src/core/training/prepared-rows.ts';
import { fixedWeights } from '../src/graph/networks/fixed-weights.ts';
import type { Network, NetworkKind } from '../src/graph/networks/network.ts';
import { newNetwork } from '../src/graph/networks/new-network.ts';
import { type StoredTraining, storeTrained } from './store-trained.ts';
import type { TrainOptions } from './train-options.ts';
import { watchTraining } from './watch-training.ts';

export interface TrainingMeans {
  readonly recipe: RecipeFile;
  /** A folder that is gone afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Trains a new network on a table, and stores it. */
export async function trainNew(name: string, options: TrainOptions, means: TrainingMeans): Promise<StoredTraining> {
  const { data, target, columns, scratch } = { ...options, ...means };
  const kind = options.new as NetworkKind;
  const recipe = fillRecipe(means.recipe, kind);
  const table = await readTable({ uri: data, target, columns, scratch });
  const test =
    options.test === undefined
      ? undefined
      : await readTable({ uri: options.test, target, columns: table.columns, scratch });
  const predicts = predicted(kind, recipe, table.targets);
  const prepared = prepareRows(table, test, { predicts, shares: recipe.split, seed: recipe.seed });
  const inputs = [...table.inputs, ...(test?.inputs ?? [])];
  const network = networkFor(kind, recipe, prepared, inputs);
  const scales = network.output.normal;
  const trained = await watchTraining(options, recipe, means.signal, (watch) =>
    runTraining({
      model: newNetwork(network, seededRandom(recipe.seed)),
      inputNames: [tableInput],
      inputs,
      prepared,
      recipe,
      isFrozen: (weight) => weight.startsWith(fixedWeights),
      watch,
      ...(scales && { scales, output: `normal_${network.output.name}` }),
    }),
  );
  const config = join(scratch, 'config.json');
  await writeFile(config, `${JSON.stringify(configOf(prepared, table), null, 2)}\n`);
  const files = [table, ...(test ? [test] : [])].map(({ label, sha256 }) => ({ name: label, sha256 }));
  return storeTrained(options.models, {
    name,
    model: trained.model,
    inputNames: [tableInput],
    inputsOf: async (row) => inputs[row] as Table['inputs'][number],
    trained,
    texts: new Map([['config.json', config]]),
    recipe,
    made: { source: files[0] as (typeof files)[number], data: files, passes: [`new ${kind}`] },
    scratch,
  });
}

/** Whole numbers may be names of classes; those with a part behind the point are none. */
function predicted(kind: NetworkKind, { loss }: Recipe, targets: readonly string[]): 'classes' | 'numbers' {
  if (loss) return loss.kind === 'cross-entropy' ? 'classes' : 'numbers';
  if (kind === 'linear') return 'numbers';
  if (kind === 'logistic') return 'classes';
  return targets.some((text) => /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i.test(text)) &&
    targets.every((text) => Number.isFinite(Number(text)))
    ? 'numbers'
    : 'classes';
}

function networkFor(
  kind: NetworkKind,
  { hidden }: Recipe,
  { classes, targets, split }: PreparedRows,
  inputs: Table['inputs'],
): Network {
  const rows = split.train.map((row) => {
    const [{ data }] = inputs[row] as Table['inputs'][number];
    return new Float32Array(data.buffer, data.byteOffset, data.length / Float32Array.BYTES_PER_ELEMENT);
  });
  const columns = rows[0]?.length ?? 0;
  const picture = kind === 'cnn' ? squareOf(columns) : undefined;
  return {
    kind,
    hidden,
    input: { name: tableInput, shape: [columns], normal: normalOf(rows, kind === 'cnn'), ...(picture && { picture }) },
    output: classes
      ? { name: 'logits', size: classes.length }
      : {
          name: 'value',
          size: 1,
          normal: normalOf(
            split.train.map((row) => [targets[row] as number]),
            true,
          ),
        },
  };
}

function squareOf(columns: number): readonly [number, number, number] {
  const side = Math.sqrt(columns);
  if (Number.isInteger(side)) return [1, side, side];
  throw new Error(
    `--new cnn takes the columns of a table for the pixels of a grey, square picture, and ${columns} columns are none: name those that are with --columns`,
  );
}

/** What serves it by its task: the columns that it takes, and the names of its classes. */
function configOf({ classes }: PreparedRows, { columns }: Table): object {
  const names = classes && { id2label: Object.fromEntries(classes.map((each, place) => [place, each])) };
  return {
    architectures: [classes ? 'TensorgateForTabularClassification' : 'TensorgateForTabularRegression'],
    columns,
    ...names,
  };
}
