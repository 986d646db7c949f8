import type { ModelVersion } from '../model-version.ts';
import type { ItemKind } from './task.ts';

/** What an infer request calls items, by what they are. */
const names: Readonly<Record<ItemKind, string>> = { text: 'text', file: 'file', features: 'columns' };

/** The output that has what the model says of items, each as JSON. */
export const predictionOutput = 'prediction';

/** Its parameter `content_type`. */
export const jsonContent = 'application/json';

/** The input of BYTES by which an infer request sends items in place of tensors; undefined where the model has no task, or an input of its own by that name. */
export function itemInput({ task, signature }: ModelVersion): string | undefined {
  const name = task && names[task.preprocess.takes as ItemKind];
  return signature?.inputs.some((input) => input.name === name) ? undefined : name;
}
