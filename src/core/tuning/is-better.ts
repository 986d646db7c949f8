import type { Trial } from './trial.ts';

/** What gains less is noise: whoever was first stays. */
const leastGain = 1.03;

/**
 * Whether a trial is worth to take the place of another: more requests a second within the goal or, where neither meets
 * it, a lower latency.
 */
export function isBetter(one: Trial, other: Trial): boolean {
  if (one.best && other.best) return one.best.perSecond > other.best.perSecond * leastGain;
  if (one.best || other.best) return one.best !== undefined;
  return lowestMs(one) * leastGain < lowestMs(other);
}

function lowestMs({ points }: Trial): number {
  return Math.min(...points.map(({ p99Ms }) => p99Ms));
}
