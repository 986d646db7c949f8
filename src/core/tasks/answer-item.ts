import type { OutputTensor } from '../../protocol/inference.ts';
import type { ItemInputs, ItemOutputs } from './flow.ts';
import type { Predicted } from './predict.ts';
import type { Task } from './task.ts';

/** What a task makes of the outputs of an item's run. */
export async function answerItem(
  task: Task,
  { placement, windows, encoded, tokens = 0, isTruncated = false }: ItemInputs,
  outputs: readonly OutputTensor[],
  wanted: Pick<ItemOutputs, 'topK' | 'aggregation' | 'dimensions'>,
): Promise<Predicted> {
  const prediction = await task.postprocess.apply({
    ...wanted,
    tensors: new Map(outputs.map((output) => [output.name, output])),
    placement,
    ...(windows && { windows }),
    ...(encoded && { encoded }),
  });
  return { prediction, tokens, isTruncated };
}
