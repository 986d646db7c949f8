import type { PostprocessStep } from '../../../ports/task.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/** Each number of an output as one from 0 to 1, by itself: 1 / (1 + e^-x). Throws an Error where the model has no such output. */
export function sigmoidStep(
  model: TaskModel,
  { output }: NonNullable<PostprocessStep['sigmoid']>,
): Step<'outputs', 'outputs'> {
  const { name } = findOutput(model, { step: 'sigmoid', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'outputs',
    apply: (outputs) => {
      const numbers = itemNumbers(outputs, name);
      const data = allocateBytes(numbers.length * 4);
      new Float32Array(data.buffer, data.byteOffset, numbers.length).set(
        numbers.map((number) => 1 / (1 + Math.exp(-number))),
      );
      const shape = outputs.tensors.get(name)?.shape ?? [];
      const tensor = { name, datatype: 'FP32', shape, data } as const;
      return { ...outputs, tensors: new Map(outputs.tensors).set(name, tensor) };
    },
  };
}
