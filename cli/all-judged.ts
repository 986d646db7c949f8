import type { GivenSamples } from './given-samples.ts';
import type { JudgedSamples } from './judged-samples.ts';

/** All samples of a file, to judge by, where nothing is learned. */
export function allJudged(judged: GivenSamples): JudgedSamples {
  return { judged, places: [...judged.samples.keys()], of: judged.samples.length };
}
