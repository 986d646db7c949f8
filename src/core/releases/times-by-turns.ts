import type { Clock } from '../../ports/clock.ts';

const leastRounds = 10;
const mostRounds = 200;
const enoughMs = 2000;

/**
 * How long each of `works` takes in each round, in milliseconds: by turns, so that what else the machine does slows all
 * of them; a first round does not count. Two seconds in all, or ten rounds, or two hundred.
 */
export async function timesByTurns(
  works: readonly (() => Promise<unknown>)[],
  clock: Clock,
): Promise<readonly (readonly number[])[]> {
  const times: number[][] = works.map(() => []);
  for (const work of works) await work();
  const startMs = clock.now();
  for (let round = 0; round < mostRounds; round += 1) {
    if (round >= leastRounds && clock.now() - startMs > enoughMs) break;
    for (const [index, work] of works.entries()) {
      const beginMs = clock.now();
      await work();
      times[index]?.push(clock.now() - beginMs);
    }
  }
  return times;
}
