import type { InferenceRequest, InferenceResponse } from '../../protocol/inference.ts';
import { totalBytes } from '../../protocol/total-bytes.ts';
import type { DataPlane } from '../data-plane.ts';
import { hasTexts } from '../generation/infer-texts.ts';
import type { ModelVersion } from '../model-version.ts';
import type { ComparableAnswer } from './comparable-answer.ts';
import { sampleAnswer } from './sample-answer.ts';

/** The answer to an infer request. Texts that are drawn by chance are not held against one another. */
export function comparableInference(
  dataPlane: DataPlane,
  version: ModelVersion,
  request: InferenceRequest,
  { outputs }: InferenceResponse,
): ComparableAnswer {
  return {
    sample: () => sampleAnswer(outputs),
    bytes: totalBytes(request.inputs),
    again: hasTexts(version, request.inputs)
      ? undefined
      : async (other, context) => {
          const { priorityLevels } = other.config.queue;
          // Whoever is served last where requests have priorities.
          const parameters =
            priorityLevels > 0 ? { ...request.parameters, priority: priorityLevels } : request.parameters;
          return sampleAnswer((await dataPlane.infer(other, { ...request, parameters }, context)).outputs);
        },
  };
}
