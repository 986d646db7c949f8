import type { PredictionConfig, PredictionName, TaskConfig } from '../../ports/task.ts';
import { isObject } from '../../protocol/is-object.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';
import { isScores } from '../tasks/is-scores.ts';
import type { TaskModel } from '../tasks/task-model.ts';
import { checkSentences } from './check-sentences.ts';
import { classesOf } from './classes-of.ts';
import { dimensionsOf } from './dimensions-of.ts';
import { inputsOfArchitecture } from './inputs-of-architecture.ts';
import { labelsOfConfig } from './labels-of-config.ts';
import { objectsOf } from './objects-of.ts';
import { pictureSettingsOf } from './picture-settings-of.ts';
import { poolingOf } from './pooling-of.ts';
import { promptOf } from './prompt-of.ts';
import type { JsonObject, ReadText } from './read-json-file.ts';
import { readObject } from './read-object.ts';
import { sentenceModules } from './sentence-modules.ts';
import { soundStepsOf } from './sound-steps-of.ts';
import { taskOfArchitecture } from './task-of-architecture.ts';
import { tokenLimitOf } from './token-limit-of.ts';

/** What the files beside a model say that it is for. */
export interface FolderTask {
  /** Absent: nothing that there is a task for. */
  readonly config?: TaskConfig;
  /** Names of the classes of an output. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** What the folder was taken for, and by what; or why for nothing. */
  readonly words: string;
}

/**
 * What a model is for, by the files that repositories of Hugging Face have beside it: config.json above all. Undefined
 * where there is no such file. What is broken in them, or asks for what there is not, is said in words: the model
 * serves tensors all the same. Rejects where the store cannot be read.
 */
export async function taskOfFolder(model: Pick<TaskModel, 'signature' | 'readText'>): Promise<FolderTask | undefined> {
  try {
    const file = await readObject(model.readText, 'config.json');
    return file && (await readConfig(file, model));
  } catch (error) {
    // What the store could not read just now may be there the next time.
    if (error instanceof ServiceError && error.status >= 500) throw error;
    return { labels: new Map(), words: `no task: ${(error as Error).message}` };
  }
}

async function readConfig(
  file: JsonObject,
  { signature, readText }: Pick<TaskModel, 'signature' | 'readText'>,
): Promise<FolderTask> {
  const none = { labels: new Map<string, readonly string[]>() };
  const [architecture] = Array.isArray(file.architectures) ? file.architectures : [];
  if (typeof architecture !== 'string') return { ...none, words: 'no task: config.json names no architectures' };
  const byClass = taskOfArchitecture(architecture, signature.inputs);
  const name = (await givesSentences(signature, readText)) ? 'feature-extraction' : byClass;
  if (!name)
    return { ...none, words: `no task: config.json names ${architecture}, ${whyNone(architecture, signature)}` };
  const by = `${name}, as ${name === byClass ? `config.json names ${architecture}` : 'modules.json names a pooling'}`;
  if (name === 'text-generation') return { config: { name }, ...none, words: by };
  const names = name.endsWith('classification') || name === 'object-detection' ? labelsOfConfig(file) : undefined;
  const scores = signature.outputs.find((output) => output.name === 'logits') ?? signature.outputs.find(isScores);
  const labels = new Map(names && scores ? [[scores.name, names]] : []);
  const { words, ...steps } = await stepsOf(name, file, { signature, readText }, names?.length ?? 0);
  return { config: { name, ...steps }, labels, words: [by, ...words].join('; ') };
}

/**
 * Whether a model is one of sentence-transformers, whose class may be of what it was trained as (MPNetForMaskedLM). One
 * that gives logits was made a file of for that.
 */
async function givesSentences({ inputs, outputs }: TaskModel['signature'], readText: ReadText): Promise<boolean> {
  const isOfTexts = inputs.some(({ name }) => name === 'input_ids') && !outputs.some(({ name }) => name === 'logits');
  const modules = isOfTexts ? await sentenceModules(readText) : undefined;
  return modules?.some(({ kind }) => kind === 'Pooling') === true;
}

function whyNone(architecture: string, { inputs }: TaskModel['signature']): string {
  const expected = inputsOfArchitecture(architecture);
  if (expected.length === 0) return 'for which there is none';
  const had = inputs.map(({ name }) => `'${name}'`).join(', ');
  const named = expected.filter((name) => name !== undefined).map((name) => `'${name}'`);
  const words = named.length > 0 ? `the input ${named.join(' or ')}` : 'one input alone';
  return `which takes ${words}, and the model has ${had}`;
}

type Steps = Omit<PredictionConfig, 'name'> & { readonly words: readonly string[] };

/** The steps of a task that differ from the usual ones, and what is worth to be said of them. */
async function stepsOf(
  name: PredictionName,
  file: JsonObject,
  { signature, readText }: Pick<TaskModel, 'signature' | 'readText'>,
  classes: number,
): Promise<Steps> {
  switch (name) {
    case 'text-classification': {
      const { tokenize, words } = await tokens(readText);
      return { preprocess: [{ tokenize }], ...classesOf(file), words };
    }
    case 'token-classification': {
      const { tokenize, words } = await tokens(readText);
      return { preprocess: [{ tokenize }], words };
    }
    case 'feature-extraction': {
      const { tokenize, words, tokenizer } = await tokens(readText);
      await checkSentences(readText, tokenizer);
      const prompt = await promptOf(readText);
      const pooling = await poolingOf(readText, signature.outputs);
      const dimensions = dimensionsOf(file);
      const pool = { ...pooling.pool, ...(dimensions && { dimensions }) };
      const before = prompt === undefined ? [] : [`${shownJson(prompt)} before each text`];
      return {
        preprocess: [{ tokenize: { ...tokenize, ...(prompt !== undefined && { prompt }) } }],
        postprocess: [{ pool }],
        words: [...words, ...before, pooling.words],
      };
    }
    case 'audio-classification':
      return { preprocess: soundStepsOf(await processor(readText)), ...classesOf(file), words: [] };
    case 'image-classification':
      return { preprocess: await picture(readText), ...classesOf(file), words: [] };
    case 'object-detection':
      return { preprocess: await picture(readText), postprocess: objectsOf(file, classes), words: [] };
    case 'image-to-image':
      return { preprocess: await picture(readText), words: [] };
    case 'tabular-classification':
      return { ...columnsOf(file, signature), ...classesOf(file), words: [] };
    case 'tabular-regression':
      return { ...columnsOf(file, signature), words: [] };
    default:
      return { words: [] };
  }
}

/** The columns of a table that fill the one input, as `train` says them. */
function columnsOf(
  { columns }: JsonObject,
  { inputs: [input] }: TaskModel['signature'],
): Pick<PredictionConfig, 'preprocess'> {
  const isNames = Array.isArray(columns) && columns.every((name) => typeof name === 'string');
  return input && isNames ? { preprocess: [{ columns: { inputs: { [input.name]: columns } } }] } : {};
}

async function tokens(readText: ReadText) {
  const tokenizer = await readObject(readText, 'tokenizer.json');
  const truncated = isObject(tokenizer?.truncation) ? tokenizer.truncation.max_length : undefined;
  const maxTokens = await tokenLimitOf(readText, typeof truncated === 'number' ? truncated : undefined);
  return maxTokens === undefined
    ? { tokenize: {}, words: [], tokenizer }
    : { tokenize: { maxTokens }, words: [`${maxTokens} tokens at most`], tokenizer };
}

async function picture(readText: ReadText): Promise<NonNullable<PredictionConfig['preprocess']>> {
  return [{ decodeImage: {} }, { pictureTensor: pictureSettingsOf(await processor(readText)) }];
}

async function processor(readText: ReadText): Promise<JsonObject> {
  const file = await readObject(readText, 'preprocessor_config.json');
  if (file) return file;
  throw new Error('there is no preprocessor_config.json, which says how pictures and sounds become the input');
}
