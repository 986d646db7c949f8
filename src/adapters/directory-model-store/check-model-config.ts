import { checkSteps } from '../../core/ensembles/check-steps.ts';
import type { ModelConfig } from '../../ports/model-store.ts';
import type { TaskConfig } from '../../ports/task.ts';

/** Throws an Error where settings of a model contradict one another. */
export function checkModelConfig({
  batching,
  queue,
  sequence,
  ensemble,
  task,
  responseCache,
  executionProviders,
}: ModelConfig): void {
  if (executionProviders[0] === 'cpu' && executionProviders.length > 1)
    throw new Error(
      `'executionProviders': cpu runs every model, so that none after it is reached; expected ["cuda", "cpu"]`,
    );
  if (ensemble) checkSteps(ensemble);
  const { maxBatchSize, preferredBatchSizes } = batching;
  const larger = maxBatchSize > 0 && preferredBatchSizes.find((size) => size > maxBatchSize);
  if (larger) {
    throw new Error(`'batching.preferredBatchSizes': ${larger} is more than the maxBatchSize of ${maxBatchSize}`);
  }
  if (sequence && batching.mode === 'on') {
    throw new Error("'batching': requests of a model with 'sequence' do not share runs; remove one of the two");
  }
  if (sequence && responseCache) {
    throw new Error("'responseCache': answers of a model with 'sequence' depend on its state; remove one of the two");
  }
  if (task && (sequence || ensemble)) {
    const other = sequence ? 'sequence' : 'ensemble';
    throw new Error(`'task': a model with '${other}' takes tensors alone; remove one of the two`);
  }
  if (task) checkTask(task);
  const { priorityLevels, defaultPriority, priorities } = queue;
  const levels = priorityLevels === 0 ? 'there are none: set queue.priorityLevels' : `1 to ${priorityLevels} are there`;
  if (defaultPriority > Math.max(1, priorityLevels)) {
    throw new Error(`'queue.defaultPriority': expected a priority, got ${defaultPriority}; ${levels}`);
  }
  const unknown = Object.keys(priorities).find((key) => !/^[1-9][0-9]*$/.test(key) || Number(key) > priorityLevels);
  if (unknown !== undefined) throw new Error(`'queue.priorities': expected priorities, got '${unknown}'; ${levels}`);
}

const generationKeys = ['maxPositions', 'endTokens', 'cacheBytes'];
const predictionKeys = ['preprocess', 'postprocess'];

function checkTask(task: TaskConfig): void {
  const unfit = task.name === 'text-generation' ? predictionKeys : generationKeys;
  const found = unfit.find((key) => Object.hasOwn(task, key));
  if (found !== undefined) throw new Error(`'task.${found}': the task ${task.name} has no such setting; remove it`);
}
