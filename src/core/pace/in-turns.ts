import { Slots } from '../slots.ts';
import { Pace } from './pace.ts';
import type { Steps } from './steps.ts';

/** All that is under way would hold the event loop in one turn. */
const one = new Slots(1);

/**
 * Does long work piece by piece, with turns of the event loop between them, one work after the other; a single step may
 * take longer. Rejects as a step throws.
 */
export function inTurns<T>(steps: Steps<T>): Promise<T> {
  return one.run(async () => {
    const pace = new Pace();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (pace.isDue) await pace.giveWay();
    }
  });
}
