import { type ItemInput, itemInputs } from './item-input.ts';
import type { ReadMetadata } from './read-metadata.ts';

/** What the items of a model's task are. Throws an Error where it has none. */
export function itemInputOf(name: string, { inputs, parameters }: ReadMetadata): ItemInput {
  const task = parameters?.task;
  // Where the model has an input of its own by that name, its items have none.
  const known =
    parameters?.items?.input ?? inputs.find((input) => itemInputs.some((each) => each === input.name))?.name;
  const takes = itemInputs.find((each) => each === known);
  if (task !== undefined && takes) return takes;
  const why = parameters?.folder ? ` (${parameters.folder})` : '';
  const names = inputs.map((input) => `--input ${input.name}=…`).join(' ');
  throw new Error(`model '${name}' has no task${why}: name one in its model.json, or give its tensors, ${names}`);
}
