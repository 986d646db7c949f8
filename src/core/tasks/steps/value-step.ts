import type { PostprocessStep } from '../../../ports/task.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { toldNumbers } from '../told-numbers.ts';

/**
 * The number that an output holds, or the numbers where it holds several. Throws an Error where the model has no such
 * output.
 */
export function valueStep(
  model: TaskModel,
  { output }: NonNullable<PostprocessStep['value']>,
): Step<'outputs', 'prediction'> {
  const { name } = findOutput(model, { step: 'value', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'prediction',
    scores: name,
    apply: (outputs) => {
      const numbers = toldNumbers(outputs, name);
      return numbers.length === 1 ? (numbers[0] as number) : numbers;
    },
  };
}
