import type { PostprocessStep } from '../../../ports/task.ts';
import { sigmoid } from '../../sigmoid.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { withNumbers } from '../with-numbers.ts';

/**
 * Each number of an output as a part of 1, whatever the others are. Throws an Error where the model has no such output.
 */
export function sigmoidStep(
  model: TaskModel,
  { output }: NonNullable<PostprocessStep['sigmoid']>,
): Step<'outputs', 'outputs'> {
  const { name } = findOutput(model, { step: 'sigmoid', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'outputs',
    apply: (outputs) => withNumbers(outputs, name, itemNumbers(outputs, name).map(sigmoid)),
  };
}
