import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { allOrNone } from '../../../src/adapters/s3-model-store/all-or-none.ts';

/** Rejects some time after it was told to end. */
async function ended(abort: AbortController, afterMs: number): Promise<never> {
  await once(abort.signal, 'abort');
  await pause(afterMs);
  throw new Error('it was ended');
}

test('what failed first is thrown, once nothing runs any more', async () => {
  const abort = new AbortController();
  const failing = pause(5).then(() => Promise.reject(new Error('it failed')));
  let isOver = false;
  const slow = ended(abort, 20).finally(() => {
    isOver = true;
  });
  await expect(allOrNone(abort, [slow, failing])).rejects.toThrow('it failed');
  expect(isOver).toBe(true);
});

test('also where a group within goes on for longer than what it ended', async () => {
  const abort = new AbortController();
  const failing = pause(5).then(() => Promise.reject(new Error('it failed')));
  const groups = [allOrNone(abort, [failing, ended(abort, 20)]), allOrNone(abort, [ended(abort, 0)])];
  await expect(allOrNone(abort, groups)).rejects.toThrow('it failed');
});

test('where none fails, what they give comes back in order', async () => {
  expect(await allOrNone(new AbortController(), [pause(5, 'a'), pause(1, 'b')])).toEqual(['a', 'b']);
});
