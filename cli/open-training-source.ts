import type { DataRows } from '../src/adapters/training/data-rows.ts';
import { evidentTarget } from '../src/adapters/training/evident-target.ts';
import { openPreprocess, type Preprocess } from '../src/adapters/training/open-preprocess.ts';
import { readChats } from '../src/adapters/training/read-chats.ts';
import { readPictures } from '../src/adapters/training/read-pictures.ts';
import { readTable } from '../src/adapters/training/read-table.ts';
import { readTexts } from '../src/adapters/training/read-texts.ts';
import type { TrainingLoss } from '../src/adapters/training/recipe.ts';
import { taskOfFolder } from '../src/core/hugging-face/task-of-folder.ts';
import { chatField } from '../src/core/training/chat-field.ts';
import type { Session } from '../src/ports/session.ts';
import type { Source } from './find-source.ts';
import { openModel } from './open-model.ts';
import { readTextBeside } from './read-text-beside.ts';
import type { TrainOptions } from './train-options.ts';

/** A model that is to learn. */
export interface TrainingSource {
  readonly inputNames: readonly string[];
  /** Absent: it takes a table. */
  readonly preprocess: Preprocess | undefined;
  readonly readText: (file: string) => Promise<string>;
  /** The numbers that its first output of floats has for a row, -1 where it does not say; and how that is called. */
  readonly output: { readonly name: string; readonly size: number };
  /** Reads rows as it takes them. Rejects with an Error that says why there are none. */
  readonly readRows: () => Promise<SourceRows>;
}

export interface SourceRows {
  readonly rows: DataRows;
  readonly test: DataRows | undefined;
}

/**
 * Finds out what a model takes, and how rows become that. Rejects with an Error where it cannot learn.
 *
 * @param loss what is made of it learns by; what gives vectors, as the model does, has its prompt before texts
 */
export async function openTrainingSource(
  { toPush: { model, label, files } }: Source,
  options: TrainOptions,
  scratch: string,
  loss: TrainingLoss | undefined,
): Promise<TrainingSource> {
  const session = await openModel(model, label);
  const { inputs, outputs } = session;
  await session.release();
  const readText = (file: string) => readTextBeside({ files }, file);
  const preprocess = await openPreprocess({ inputs, outputs }, readText, loss?.kind === 'cosine');
  const floats = outputs.find(({ name }) => name === 'logits') ?? outputs.find(({ datatype }) => datatype === 'FP32');
  if (!floats) throw new Error(`${label} has no output of FP32, by which it could learn`);
  const mayHaveNone = loss?.kind === 'binary-cross-entropy';
  const read = async (uri: string): Promise<DataRows> => {
    const { columns } = options;
    if (preprocess?.takes === 'file') return readPictures({ uri, tensorsOf: preprocess.tensorsOf });
    const target = options.target ?? (await evidentTarget(uri, scratch));
    if (target === undefined)
      throw new Error(
        `${uri} is a folder, and ${label} takes no pictures: ${await wordsOf({ inputs, outputs, readText })}`,
      );
    if (preprocess?.takes === 'text') {
      const { tensorsOf } = preprocess;
      if (target === chatField) return readChats({ uri, scratch, tensorsOf });
      return readTexts({ uri, target, columns, scratch, mayHaveNone, tensorsOf });
    }
    if (target === chatField) throw new Error(`${uri} has conversations, and ${label} takes no texts`);
    const [input, ...others] = inputs;
    if (input?.datatype !== 'FP32' || input.shape.length !== 2 || others.length > 0)
      throw new Error(
        `${label}: nothing says how rows become its inputs, as a config.json beside it, or one input of FP32, [rows, columns], would: ${await wordsOf({ inputs, outputs, readText })}`,
      );
    return readTable({ uri, target, columns: columns ?? preprocess?.columns, scratch, mayHaveNone });
  };
  return {
    inputNames: inputs.map(({ name }) => name),
    preprocess,
    readText,
    output: { name: floats.name, size: floats.shape.at(-1) ?? -1 },
    readRows: async () => ({
      rows: await read(options.data),
      test: options.test === undefined ? undefined : await read(options.test),
    }),
  };
}

/** What a model is taken for by the files beside it, or why for nothing. */
async function wordsOf({
  inputs,
  outputs,
  readText,
}: Pick<Session, 'inputs' | 'outputs'> & Pick<TrainingSource, 'readText'>): Promise<string> {
  const folder = await taskOfFolder({ signature: { inputs, outputs, unservable: [], labels: new Map() }, readText });
  return folder?.words ?? 'there is no config.json beside it';
}
