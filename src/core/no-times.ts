import type { StageTimes } from './model-statistics.ts';

/** The times of a request that has passed no stage yet, to be filled in. */
export function noTimes(): StageTimes {
  return { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
}
