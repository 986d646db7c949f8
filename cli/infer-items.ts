import type { InferOptions } from './infer-options.ts';
import { type ItemInput, itemInputs } from './item-input.ts';
import type { ModelReference } from './model-reference.ts';
import { openTaskHost } from './open-task-host.ts';
import { readItem } from './read-item.ts';
import type { ReadMetadata } from './read-metadata.ts';
import type { TaskAnswer } from './task-host.ts';

/** What a model says of items by its task, here or on a server. Rejects with an Error that says what is wrong with the model or an item. */
export async function inferItems(
  model: ModelReference,
  words: readonly string[],
  options: InferOptions,
): Promise<TaskAnswer> {
  const [named] = [...options.input, ...options.output];
  if (named !== undefined)
    throw new Error(`expected items for the model's task, or --input and --output, got '${words[0]}' and '${named}'`);
  const parameters = parametersOf(options.parameters);
  const host = await openTaskHost(model, options);
  try {
    const takes = itemInputOf(model.name, host.metadata);
    const inputs = await Promise.all(words.map((word) => readItem(word, takes)));
    return await host.predict(JSON.stringify({ inputs, ...(parameters !== undefined && { parameters }) }));
  } finally {
    await host.close();
  }
}

function itemInputOf(name: string, { inputs, parameters }: ReadMetadata): ItemInput {
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

function parametersOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`--parameters ${text.slice(0, 100)}: expected JSON such as '{"top_k": 3}'`);
  }
}
