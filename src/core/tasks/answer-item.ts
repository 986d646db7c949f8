import type { OutputTensor } from '../../protocol/inference.ts';
import type { ItemInputs, ItemOutputs } from './flow.ts';
import { itemOutputs } from './item-outputs.ts';
import type { Predicted } from './predict.ts';
import type { Task } from './task.ts';

/** What a task makes of the outputs of an item's run. */
export async function answerItem(
  task: Task,
  inputs: ItemInputs,
  outputs: readonly OutputTensor[],
  wanted: Pick<ItemOutputs, 'topK' | 'aggregation' | 'dimensions'>,
): Promise<Predicted> {
  const { tokens = 0, isTruncated = false } = inputs;
  const prediction = await task.postprocess.apply(itemOutputs(inputs, outputs, wanted));
  return { prediction, tokens, isTruncated };
}
