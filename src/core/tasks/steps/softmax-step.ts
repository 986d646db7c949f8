import type { PostprocessStep } from '../../../ports/task.ts';
import { sigmoid } from '../../sigmoid.ts';
import { softmax } from '../../softmax.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { withNumbers } from '../with-numbers.ts';

/**
 * The numbers of an output as parts of 1: e to the power of each, by the sum of all; of an output with rows, [batch,
 * rows, classes], of those of its row. Of a single class, which has none to share 1 with, as `sigmoid` has it. Throws
 * an Error where the model has no such output.
 */
export function softmaxStep(
  model: TaskModel,
  { output }: NonNullable<PostprocessStep['softmax']>,
): Step<'outputs', 'outputs'> {
  const { name } = findOutput(model, { step: 'softmax', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'outputs',
    apply: (outputs) => {
      const numbers = itemNumbers(outputs, name);
      const shape = outputs.tensors.get(name)?.shape ?? [];
      // Of an output with a row for each token, or each box, each row for itself.
      const width = shape.length === 3 ? (shape.at(-1) as number) : numbers.length;
      if (width === 1) return withNumbers(outputs, name, numbers.map(sigmoid));
      const rows = Array.from({ length: numbers.length / width }, (_, row) =>
        softmax(numbers.slice(row * width, (row + 1) * width)),
      );
      return withNumbers(outputs, name, rows.flat());
    },
  };
}
