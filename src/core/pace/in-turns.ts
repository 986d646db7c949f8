import { Slots } from '../slots.ts';
import { nextTurn } from './next-turn.ts';
import type { Steps } from './steps.ts';

/** How long the event loop is held in a row; a single step may take longer. */
const longestMs = 10;
/** All that is under way would hold it in one turn. */
const one = new Slots(1);

/** Does long work piece by piece, with turns of the event loop between them, one work after the other. Rejects as a step throws. */
export function inTurns<T>(steps: Steps<T>): Promise<T> {
  return one.run(async () => {
    let began = performance.now();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() - began < longestMs) continue;
      await nextTurn();
      began = performance.now();
    }
  });
}
