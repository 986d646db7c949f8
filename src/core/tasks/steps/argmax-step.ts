import type { PostprocessStep } from '../../../ports/task.ts';
import { bestClasses } from '../best-classes.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/** The best class of an output, by its name alone. Throws an Error where the model has no such output. */
export function argmaxStep(
  model: TaskModel,
  { output }: NonNullable<PostprocessStep['argmax']>,
): Step<'outputs', 'prediction'> {
  const { name } = findOutput(model, { step: 'argmax', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'prediction',
    scores: name,
    apply: (outputs) => bestClasses(model, outputs, name, 1)[0]?.label ?? '',
  };
}
