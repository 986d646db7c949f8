import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataRows } from '../src/adapters/training/data-rows.ts';
import { evidentTarget } from '../src/adapters/training/evident-target.ts';
import { fillRecipe } from '../src/adapters/training/fill-recipe.ts';
import { readTable, type Table } from '../src/adapters/training/read-table.ts';
import type { Recipe } from '../src/adapters/training/recipe.ts';
import { scaledNetwork } from '../src/adapters/training/scaled-network.ts';
import { tableInput } from '../src/adapters/training/table-input.ts';
import { chatField } from '../src/core/training/chat-field.ts';
import type { PreparedRows } from '../src/core/training/prepared-rows.ts';
import { stillColumns } from '../src/core/training/still-columns.ts';
import type { Network, NetworkKind } from '../src/graph/networks/network.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { classNames } from './class-names.ts';
import { dataOf } from './data-of.ts';
import { newPictures } from './new-pictures.ts';
import { predictedBy } from './predicted-by.ts';
import { preparedBy } from './prepared-by.ts';
import { refuseVectors } from './refuse-vectors.ts';
import { type StoredTraining, storeTrained } from './store-trained.ts';
import { tensorsOfAll } from './tensors-of-all.ts';
import { trainNetwork } from './train-network.ts';
import type { TrainOptions } from './train-options.ts';
import type { TrainingMeans } from './training-means.ts';

/** What a new network learns from, and what it is to be beside it. */
export interface NewData {
  readonly rows: DataRows;
  readonly test: DataRows | undefined;
  readonly inputName: string;
  /** Names of the columns of a table; none of pictures. */
  readonly columns: readonly string[];
  /** @param inputs what it takes for each row */
  readonly networkFor: (prepared: PreparedRows, inputs: readonly (readonly Tensor[])[]) => Network;
  /** Files by which it serves its task. */
  readonly textsFor: (prepared: PreparedRows) => Readonly<Record<string, object>>;
}

/** Trains a new network on a table, or on a folder of pictures, and stores it. */
export async function trainNew(
  name: string,
  kind: NetworkKind,
  options: TrainOptions,
  means: TrainingMeans,
): Promise<StoredTraining> {
  const { scratch, signal, cuda } = means;
  const filled = fillRecipe(means.recipe, kind);
  refuseVectors(filled, `--new ${kind}`);
  const target = options.target ?? (await evidentTarget(options.data, scratch));
  const data =
    target === undefined
      ? await newPictures(kind, options, filled)
      : await tableData(kind, target, options, filled, scratch);
  const { rows, test, inputName } = data;
  const predicts = predictedBy(kind, filled, rows.targets);
  const found = preparedBy(filled, rows, test, { predicts, alone: target });
  const inputs = await tensorsOfAll(rows, test);
  const network = data.networkFor(found, inputs);
  const recipe = { ...filled, hidden: network.hidden };
  const still = stillColumns(data.columns, network.input.normal?.scale ?? []);
  const prepared = still === undefined ? found : { ...found, notes: [...found.notes, still] };
  const files = dataOf(rows, test);
  const made = { source: files[0], data: files, passes: [`new ${kind}`] };
  const trained = await trainNetwork(options, {
    name,
    recipe,
    made,
    signal,
    network,
    inputNames: [inputName],
    inputs,
    prepared,
    scratch,
    cuda,
  });
  const texts = new Map<string, string>();
  for (const [file, content] of Object.entries(data.textsFor(prepared))) {
    texts.set(file, join(scratch, file));
    await writeFile(join(scratch, file), `${JSON.stringify(content, null, 2)}\n`);
  }
  return storeTrained(options, {
    name,
    model: trained.model,
    inputNames: [inputName],
    inputsOf: async (row) => inputs[row] ?? [],
    trained,
    texts,
    recipe,
    made,
    scratch,
  });
}

async function tableData(
  kind: NetworkKind,
  target: string,
  { data, test: testUri, columns }: TrainOptions,
  { hidden, loss }: Recipe,
  scratch: string,
): Promise<NewData> {
  if (target === chatField)
    throw new Error(
      `${data} has conversations, and a new network takes a table of numbers: name a model that takes texts`,
    );
  const own = { target, scratch, mayHaveNone: loss?.kind === 'binary-cross-entropy' };
  const rows = await readTable({ ...own, uri: data, columns });
  const read = { ...own, columns: rows.columns };
  const test = testUri === undefined ? undefined : await readTable({ uri: testUri, ...read });
  const inputs: Table['inputs'] = [...rows.inputs, ...(test?.inputs ?? [])];
  return {
    rows,
    test,
    inputName: tableInput,
    columns: rows.columns,
    networkFor: (prepared) =>
      scaledNetwork({
        kind,
        hidden,
        input: tableInput,
        inputs,
        columns: 'apart',
        prepared,
        output: prepared.classes ? 'logits' : 'value',
      }),
    textsFor: ({ classes, predicts }) => {
      const task = classes ? 'Classification' : 'Regression';
      const { columns: all } = rows;
      return {
        'config.json': {
          architectures: [`TensorgateForTabular${task}`],
          columns: all,
          ...classNames(classes, predicts === 'labels'),
        },
      };
    },
  };
}
