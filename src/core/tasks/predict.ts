import type { Aggregation } from '../../ports/task.ts';
import { failureAt } from '../../protocol/failure-at.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { collectInParallel } from '../batch/collect-in-parallel.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import { countTokens } from '../count-tokens.ts';
import type { DataPlane } from '../data-plane.ts';
import { endedBy } from '../ended-by.ts';
import type { InferenceContext } from '../inference-context.ts';
import { innerContext } from '../inner-context.ts';
import { itemsInHand } from '../items-in-hand.ts';
import type { ModelVersion } from '../model-version.ts';
import { answerItem } from './answer-item.ts';
import type { Flow, Prediction } from './flow.ts';
import { runWindows } from './run-windows.ts';
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

export interface PredictOptions {
  /** Classes that are wanted of each item; undefined: as many as the task says. */
  readonly topK?: number | undefined;
  /** How token classes come; undefined: as the task says. */
  readonly aggregation?: Aggregation | undefined;
  /** The length of the vectors that are wanted; undefined: the model's own. */
  readonly dimensions?: number | undefined;
  /** What messages call an item by its place. @default `item <index>` */
  readonly nameOf?: (index: number) => string;
  /** Requests that the server takes at once. */
  readonly maxConcurrentRequests: number;
}

/** As many as share a run at most. */
const mostAtOnce = 64;

/**
 * What the model of a task says of each item, in their order. Some of them run side by side, and share runs where the
 * model's requests do; not so many that one call fills the queue of the model, or much of what the server takes.
 *
 * Rejects as an inference does; where there are several items, with the number of the one that is at fault.
 */
export async function predict(
  dataPlane: DataPlane,
  version: ModelVersion,
  task: Task,
  items: readonly Item[],
  { maxConcurrentRequests, nameOf = (index) => `item ${index}`, ...wanted }: PredictOptions,
  context: InferenceContext,
): Promise<readonly Predicted[]> {
  const atOnce = Math.min(mostAtOnce, maxConcurrentRequests / 16, version.config.queue.maxSize || mostAtOnce);
  const found = await collectInParallel(items, Math.max(1, Math.floor(atOnce)), async (item, index) => {
    try {
      return await predictOne(dataPlane, version, task, item, wanted, context);
    } catch (error) {
      throw items.length === 1 ? error : failureAt(nameOf(index), error);
    }
  });
  countTokens(
    context,
    found.reduce((sum, { tokens }) => sum + tokens, 0),
  );
  return found;
}

type Wanted = Omit<PredictOptions, 'maxConcurrentRequests' | 'nameOf'>;

async function predictOne(
  dataPlane: DataPlane,
  version: ModelVersion,
  task: Task,
  item: Item,
  wanted: Wanted,
  context: InferenceContext,
): Promise<Predicted> {
  const own = innerContext(context);
  const inputs = await itemsInHand.run(async () => {
    const signal = context.signal();
    // It may have waited while other items became tensors.
    if (signal.aborted) throw endedBy(signal, cancelledRequest());
    return task.preprocess.apply(item);
  });
  const run = async (tensors: readonly InputTensor[]) =>
    (await dataPlane.infer(version, { parameters: {}, inputs: tensors }, own)).outputs;
  const { windows } = inputs;
  const outputs = windows ? await runWindows(windows, run, own) : await run(inputs.tensors);
  // The slowest of them is what the caller waited for.
  const { times } = context;
  times.queueMs = Math.max(times.queueMs, own.times.queueMs);
  times.inferMs = Math.max(times.inferMs, own.times.inferMs);
  const { topK, aggregation, dimensions } = wanted;
  return answerItem(task, inputs, outputs, { topK, aggregation, dimensions });
}
