import { expect, test } from '@jest/globals';
import { atOnce } from '../../../src/core/pace/at-once.ts';
import { inTurns } from '../../../src/core/pace/in-turns.ts';
import type { Steps } from '../../../src/core/pace/steps.ts';
import { loopTurns } from '../../fakes/loop-turns.ts';

/** Holds the event loop for so many milliseconds at each step. */
function* work(steps: number, ms: number, done: () => void): Steps<number> {
  for (let step = 0; step < steps; step += 1) {
    yield;
    const until = performance.now() + ms;
    while (performance.now() < until);
  }
  done();
  return steps;
}

test('long work lets the event loop turn between its steps, short work does not wait for it', async () => {
  const turns = loopTurns();
  expect(await inTurns(work(20, 11, () => undefined))).toBe(20);
  expect(turns()).toBeGreaterThanOrEqual(19);
  expect(atOnce(work(3, 0, () => undefined))).toBe(3);
});

test('one work is done after the other, also where one fails', async () => {
  const order: string[] = [];
  const fails = function* (): Steps<never> {
    yield* work(2, 11, () => order.push('first'));
    throw new Error('broken');
  };
  const first = inTurns(fails());
  const second = inTurns(work(1, 0, () => order.push('second')));
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(order).toEqual(['first', 'second']);
});
