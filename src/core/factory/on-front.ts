import type { CandidateTrial } from './candidate-trial.ts';
import { qualityOf } from './quality-of.ts';
import { timeRatio } from './time-ratio.ts';

/**
 * The Pareto front: trials than which no other is as small, as quick and as good, and better in one of these. What was
 * not timed is not on it.
 */
export function onFront(trials: readonly CandidateTrial[]): readonly CandidateTrial[] {
  const figures = (trial: CandidateTrial) => [
    trial.bytes,
    timeRatio(trial.report) ?? Number.POSITIVE_INFINITY,
    -qualityOf(trial.report),
  ];
  return trials.filter((trial) => {
    const own = figures(trial);
    if (own.includes(Number.POSITIVE_INFINITY)) return false;
    return !trials.some((other) => {
      const others = figures(other);
      const isAsGood = others.every((figure, place) => figure <= (own[place] as number));
      return isAsGood && others.some((figure, place) => figure < (own[place] as number));
    });
  });
}
