import type { ModelVersion } from '../model-version.ts';
import type { ItemKind } from './task.ts';
import { taskNameOf } from './task-name-of.ts';

/** What an infer request calls texts. */
export const textInput = 'text';

/** What an infer request calls items, by what they are. */
const names: Readonly<Record<ItemKind, string>> = { text: textInput, file: 'file', features: 'columns' };

/** The output that has what the model says of items, each as JSON. */
export const predictionOutput = 'prediction';

/** Its parameter `content_type`. */
export const jsonContent = 'application/json';

/**
 * The input of BYTES by which an infer request sends items in place of tensors; undefined where the model has no task,
 * or an input of its own by that name.
 */
export function itemInput(version: ModelVersion): string | undefined {
  // What goes on with text is a decoder, whose inputs have their own names.
  if (taskNameOf(version) === 'text-generation') return textInput;
  const { task, signature } = version;
  const name = task && names[task.preprocess.takes as ItemKind];
  return signature?.inputs.some((input) => input.name === name) ? undefined : name;
}
