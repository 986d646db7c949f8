import type { Clock } from '../../ports/clock.ts';
import { median } from './median.ts';
import { timesByTurns } from './times-by-turns.ts';

/** The medians of how long each of `works` takes, in milliseconds, measured by turns. */
export async function medianTimes(
  works: readonly (() => Promise<unknown>)[],
  clock: Clock,
): Promise<readonly number[]> {
  return (await timesByTurns(works, clock)).map(median);
}
