import type { PostprocessStep } from '../../../ports/task.ts';
import { bestClasses } from '../best-classes.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

const usualK = 5;

/** The best classes of an output. Throws an Error where the model has no such output. */
export function topKStep(
  model: TaskModel,
  { output, k = usualK }: NonNullable<PostprocessStep['topK']>,
): Step<'outputs', 'prediction'> {
  const { name } = findOutput(model, { step: 'topK', name: output, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'prediction',
    scores: name,
    apply: (outputs) => bestClasses(model, outputs, name, outputs.topK ?? k),
  };
}
