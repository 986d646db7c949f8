import { encodeInferenceRequest } from '../src/protocol/encode-inference-request.ts';
import { jsonIn } from '../src/protocol/json-in.ts';
import { EvaluationProgress } from './evaluation-progress.ts';
import type { ExplainCommandOptions } from './explain-options.ts';
import { itemInputOf } from './item-input-of.ts';
import type { ModelReference } from './model-reference.ts';
import { openTaskHost } from './open-task-host.ts';
import { parametersOption } from './parameters-option.ts';
import { parseInput } from './parse-input.ts';
import { readItem } from './read-item.ts';
import { readText } from './read-text.ts';
import { UsageError } from './usage-error.ts';

/**
 * What explains an answer of a model, here or on a server. Rejects with an Error that says what is wrong with the model
 * or the item.
 */
export async function askExplanation(
  model: ModelReference,
  item: string | undefined,
  options: ExplainCommandOptions,
): Promise<unknown> {
  const { input } = options;
  if ((item === undefined) === (input.length === 0))
    throw new UsageError("expected an item for the model's task, or a row of each input by --input");
  const parameters = await parametersOf(options);
  const progress = new EvaluationProgress();
  const host = await openTaskHost(model, options, (evaluations, most) => progress.show(evaluations, most));
  try {
    if (host.metadata.parameters?.task === 'text-generation')
      throw new Error(`model '${model.name}' goes on with texts, and generated text is not explained`);
    if (item !== undefined) {
      const takes = itemInputOf(model.name, host.metadata);
      if (options.draw !== undefined && takes === 'text')
        throw new UsageError(
          `--draw: there is a chart of columns, of bytes or of a sound, and a heat map of a picture, and '${model.name}' takes texts: leave it out`,
        );
      const inputs = await readItem(item, takes);
      return await host.ask('/v1/explain/:model', JSON.stringify({ inputs, parameters }));
    }
    const inputs = await Promise.all(input.map((text) => parseInput(text, host.metadata.inputs)));
    const { chunks } = encodeInferenceRequest({ parameters: {}, inputs }, () => false);
    const request = JSON.parse(Buffer.concat(chunks).toString()) as object;
    return await host.ask('/v2/models/:model/explain', JSON.stringify({ ...request, parameters }));
  } finally {
    progress.stop();
    await host.close();
  }
}

async function parametersOf(options: ExplainCommandOptions): Promise<object> {
  const { method, target, baseline, samples, seed, maxEvaluations } = options;
  const others = parametersOption(options.parameters) ?? {};
  const standIn = baseline === undefined ? undefined : await readText(baseline);
  return {
    ...(others as object),
    ...(method !== undefined && { method }),
    ...(target !== undefined && { target }),
    ...(standIn !== undefined && { baseline: jsonIn(standIn) ?? standIn }),
    ...(samples !== undefined && { samples }),
    ...(seed !== undefined && { seed }),
    ...(maxEvaluations !== undefined && { max_evaluations: maxEvaluations }),
  };
}
