import type { StageTimes } from '../../core/model-statistics.ts';
import { roundedMs } from '../rounded-ms.ts';

/** How long the stages of a call took, as answers have it: a load only where there was one. */
export function stageTimings({ loadMs, inputMs, queueMs, inferMs }: StageTimes) {
  return {
    ...(loadMs > 0 && { load: roundedMs(loadMs) }),
    input: roundedMs(inputMs),
    queue: roundedMs(queueMs),
    infer: roundedMs(inferMs),
  };
}
