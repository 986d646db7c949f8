import { ServiceError } from '../../protocol/service-error.ts';
import type { DataPlane } from '../data-plane.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import type { Task } from '../tasks/task.ts';
import type { ComparableAnswer } from './comparable-answer.ts';
import { samplePredictions } from './sample-predictions.ts';

/** What a version's task says of items. */
type Predict = (version: ModelVersion, task: Task, context: InferenceContext) => Promise<readonly unknown[]>;

/** @param bytes of the items */
export function comparablePredictions(
  dataPlane: DataPlane,
  predictions: readonly unknown[],
  bytes: number,
  predict: Predict,
): ComparableAnswer {
  return {
    sample: () => samplePredictions(predictions),
    bytes,
    again: async (other, context) => {
      await dataPlane.signature(other, context);
      if (!other.task) throw new ServiceError(400, `${other.label} has no task`);
      return samplePredictions(await predict(other, other.task, context));
    },
  };
}
