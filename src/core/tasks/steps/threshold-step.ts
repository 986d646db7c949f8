import type { PostprocessStep } from '../../../ports/task.ts';
import { bestClasses } from '../best-classes.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/**
 * The classes of an output whose score is as large as the threshold, best first; there may be none. Throws an Error
 * where the model has no such output.
 */
export function thresholdStep(
  model: TaskModel,
  { output, threshold = 0.5 }: NonNullable<PostprocessStep['threshold']>,
): Step<'outputs', 'prediction'> {
  const what = 'an output of floats';
  const { name } = findOutput(model, { step: 'threshold', name: output, willDo: isScores, what });
  return {
    takes: 'outputs',
    gives: 'prediction',
    scores: name,
    apply: (outputs) =>
      bestClasses(model, outputs, name, outputs.topK ?? Number.POSITIVE_INFINITY).filter(
        ({ score }) => score >= threshold,
      ),
  };
}
