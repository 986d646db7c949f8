import { ServiceError } from '../../protocol/service-error.ts';
import type { DataPlane } from '../data-plane.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { noTimes } from '../no-times.ts';
import type { Flow, Prediction } from './flow.ts';
import type { ItemKind, Task } from './task.ts';

export type Item = Flow[ItemKind];

/** What the model says of an item. */
export interface Predicted {
  readonly prediction: Prediction;
  /** Tokens of its text, where it was made of them. */
  readonly tokens: number;
  /** Its text was too long, and cut. */
  readonly isTruncated: boolean;
}

/**
 * What the model of a task says of each item, in their order. They run side by side, and share runs where the model's requests do.
 *
 * @param topK classes that are wanted of each; undefined: as many as the task says
 *
 * Rejects as an inference does; where there are several items, with the number of the one that is at fault.
 */
export async function predict(
  dataPlane: DataPlane,
  version: ModelVersion,
  task: Task,
  items: readonly Item[],
  topK: number | undefined,
  context: InferenceContext,
): Promise<readonly Predicted[]> {
  const of = async (item: Item, index: number) => {
    const own: InferenceContext = {
      times: noTimes(),
      checkDeadline: () => context.checkDeadline(),
      signal: () => context.signal(),
      checkOutput: () => undefined,
    };
    try {
      const { tensors: inputs, tokens = 0, isTruncated = false, picture } = task.preprocess.apply(item);
      const { outputs } = await dataPlane.infer(version, { parameters: {}, inputs }, own);
      // The slowest of them is what the caller waited for.
      const { times } = context;
      times.queueMs = Math.max(times.queueMs, own.times.queueMs);
      times.inferMs = Math.max(times.inferMs, own.times.inferMs);
      const tensors = new Map(outputs.map((output) => [output.name, output]));
      return { prediction: task.postprocess.apply({ tensors, topK, picture }), tokens, isTruncated };
    } catch (error) {
      if (items.length === 1 || !(error instanceof ServiceError) || error.status >= 500) throw error;
      throw new ServiceError(error.status, `item ${index}: ${error.message}`, { cause: error });
    }
  };
  return Promise.all(items.map(of));
}
