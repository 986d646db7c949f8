import { type FolderTask, taskOfFolder } from '../../core/hugging-face/task-of-folder.ts';
import type { ModelSignature } from '../../core/model-version.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import type { Session } from '../../ports/session.ts';
import type { PredictionConfig } from '../../ports/task.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { defaultLimits } from '../../settings.ts';
import { taskTools } from '../task-tools.ts';

/** How what people have becomes a model's inputs, as it does where the model serves. */
export interface Preprocess {
  readonly takes: 'text' | 'file' | 'features';
  readonly folder: FolderTask;
  readonly inputNames: readonly string[];
  /** Of a table, the columns that it takes. */
  readonly columns?: readonly string[];
  readonly tensorsOf: (item: string | Uint8Array) => Promise<readonly Tensor[]>;
}

/**
 * Opens it by the texts beside a model. Undefined where they do not say what it is for, or what there is nothing to
 * learn of by labels: sounds in windows, say. Rejects with an Error for a language model.
 *
 * @param hasPrompt whether the prompt of a model that gives vectors stands before texts, as it does where it serves these
 */
export async function openPreprocess(
  { inputs, outputs }: Pick<Session, 'inputs' | 'outputs'>,
  readText: (file: string) => Promise<string>,
  hasPrompt = true,
): Promise<Preprocess | undefined> {
  const signature: ModelSignature = { inputs, outputs, unservable: [], labels: new Map() };
  const folder = await taskOfFolder({ signature, readText });
  if (!folder?.config) return undefined;
  if (folder.config.name === 'text-generation')
    throw new Error(
      'a language model is not fine-tuned here: what learns is a classifier, a regression, or a head on a model that gives vectors',
    );
  const labelled = { ...signature, labels: folder.labels };
  const { preprocess } = await openTask(hasPrompt ? folder.config : withoutPrompt(folder.config), {
    signature: labelled,
    readText,
    tools: taskTools,
    limits: defaultLimits,
  });
  const { takes, columns } = preprocess;
  if (takes !== 'text' && takes !== 'file' && takes !== 'features') return undefined;
  const inputNames = inputs.map(({ name }) => name);
  return {
    takes,
    folder,
    inputNames,
    ...(columns && { columns: columns.map(({ name }) => name) }),
    tensorsOf: async (item) => {
      // As callers may ask for it: a text that is too long is cut.
      const { tensors } = await preprocess.apply(typeof item === 'string' ? { text: item, truncate: true } : item);
      return inputNames.map((name) => tensors.find((tensor) => tensor.name === name) as Tensor);
    },
  };
}

function withoutPrompt(config: PredictionConfig): PredictionConfig {
  const { preprocess = [] } = config;
  const steps = preprocess.map((step) => {
    if (!step.tokenize) return step;
    const { prompt: _prompt, ...tokenize } = step.tokenize;
    return { tokenize };
  });
  return { ...config, preprocess: steps };
}
