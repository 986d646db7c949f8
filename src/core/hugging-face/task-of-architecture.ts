import type { TaskName } from '../../ports/task.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { architectures } from './architectures.ts';

/**
 * The task of a class of the library transformers, such as `BertForSequenceClassification`, with these inputs;
 * undefined where there is none.
 */
export function taskOfArchitecture(architecture: string, inputs: readonly TensorSpec[]): TaskName | undefined {
  const takes = (name: string | undefined) =>
    name === undefined ? inputs.length === 1 : inputs.some((input) => input.name === name);
  return architectures.find(([end, input]) => end.test(architecture) && takes(input))?.[2];
}
