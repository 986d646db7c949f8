import type { PostprocessStep } from '../../../ports/task.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/**
 * The mean of an output over the windows of a sound, as one row. Throws an Error where the model has no such output.
 */
export function averageStep(
  model: TaskModel,
  { output }: NonNullable<PostprocessStep['average']>,
): Step<'outputs', 'outputs'> {
  const { name } = findOutput(model, { step: 'average', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'outputs',
    apply: (outputs) => {
      const numbers = itemNumbers(outputs, name);
      const rows = outputs.tensors.get(name)?.shape[0] ?? 1;
      const width = numbers.length / rows;
      const data = allocateBytes(width * 4);
      const means = new Float32Array(data.buffer, data.byteOffset, width);
      for (let column = 0; column < width; column += 1) {
        let sum = 0;
        for (let at = column; at < numbers.length; at += width) sum += numbers[at] as number;
        means[column] = sum / rows;
      }
      const tensor = { name, datatype: 'FP32', shape: [1, width], data } as const;
      return { ...outputs, tensors: new Map(outputs.tensors).set(name, tensor) };
    },
  };
}
