import { Slots } from './slots.ts';
import { systemTimers } from './system-timers.ts';

/** Others have a turn of the event loop when items have held it for as long. */
const longestMs = 5;
/** One that the event loop works at, and one that decodes beside it. */
const slots = new Slots(2);
/** When the first item of this turn of the event loop began. */
let heldSinceMs: number | undefined;

/**
 * Bounds what items take while they become tensors, pictures above all; and how long: of a thousand texts each is made
 * tokens of at once, one behind the other, and all that else waits for the event loop would wait for the last.
 */
export const itemsInHand = {
  run<T>(work: () => Promise<T>): Promise<T> {
    return slots.run(async () => {
      while (hasHeld()) await new Promise<void>((resolve) => systemTimers.afterTurn(resolve));
      return work();
    });
  },
};

function hasHeld(): boolean {
  if (heldSinceMs !== undefined) return performance.now() - heldSinceMs > longestMs;
  heldSinceMs = performance.now();
  systemTimers.afterTurn(() => {
    heldSinceMs = undefined;
  });
  return false;
}
