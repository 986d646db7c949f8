import type { LoadPoint } from './load-point.ts';
import type { Trial } from './trial.ts';

/** What gains less is noise. */
const leastGain = 1.03;
/** As many requests as wait for a model at once by default. */
const mostCallers = 512;

/**
 * Measures with more and more callers, each time twice as many, until the goal is missed or twice as many callers twice
 * brought nothing more; then with a number between the last that met the goal and the first that missed it. A miss is
 * measured twice: a slow moment of the machine says nothing of the model.
 *
 * @param goalMs what 99 of 100 requests may take
 * @param isOver whether the time for measurements has passed; one is made in any case
 */
export async function climb(
  measure: (callers: number) => Promise<LoadPoint>,
  goalMs: number,
  isOver: () => boolean,
): Promise<Pick<Trial, 'points' | 'best'>> {
  const points: LoadPoint[] = [];
  let best: LoadPoint | undefined;
  let inVain = 0;
  const take = async (callers: number) => {
    const first = await measure(callers);
    const again = first.p99Ms > goalMs && !isOver() ? await measure(callers) : first;
    const point = again.p99Ms < first.p99Ms ? again : first;
    points.push(point);
    const isWithin = point.p99Ms <= goalMs;
    if (isWithin && (!best || point.perSecond > best.perSecond * leastGain)) {
      best = point;
      inVain = 0;
    } else inVain += 1;
    return isWithin;
  };
  let within = 0;
  for (let callers = 1; callers <= mostCallers && inVain < 2 && (callers === 1 || !isOver()); callers *= 2) {
    const isWithin = await take(callers);
    if (isWithin) {
      within = callers;
      continue;
    }
    const between = Math.round((within + callers) / 2);
    if (within > 0 && between > within && between < callers && !isOver()) await take(between);
    break;
  }
  points.sort((one, other) => one.callers - other.callers);
  return { points, best };
}
