import type { InferOptions } from './infer-options.ts';
import { itemInputOf } from './item-input-of.ts';
import type { ModelReference } from './model-reference.ts';
import { openTaskHost } from './open-task-host.ts';
import { parametersOption } from './parameters-option.ts';
import { readItem } from './read-item.ts';
import type { TaskAnswer } from './task-host.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a model says of items by its task, here or on a server. Rejects with an Error that says what is wrong with the
 * model or an item.
 */
export async function inferItems(
  model: ModelReference,
  words: readonly string[],
  options: InferOptions,
): Promise<TaskAnswer> {
  const [named] = [...options.input, ...options.output];
  if (named !== undefined)
    throw new UsageError(
      `expected items for the model's task, or --input and --output, got '${words[0]}' and '${named}'`,
    );
  const parameters = parametersOption(options.parameters);
  const host = await openTaskHost(model, options);
  try {
    const takes = itemInputOf(model.name, host.metadata);
    const inputs = await Promise.all(words.map((word) => readItem(word, takes)));
    const body = JSON.stringify({ inputs, ...(parameters !== undefined && { parameters }) });
    return (await host.ask('/v1/predict/:model', body)) as TaskAnswer;
  } finally {
    await host.close();
  }
}
