import { expect, test } from '@jest/globals';
import { askedOnce } from '../../../src/core/explain/asked-once.ts';
import type { Coalition } from '../../../src/core/explain/players.ts';

test('coalitions are asked for once each, and answered as often as they are among those given', async () => {
  const asked: (readonly Coalition[])[] = [];
  const worth = askedOnce(async (coalitions) => {
    asked.push(coalitions);
    return coalitions.map((present) => (present[0] ?? 0) + 10 * (present[1] ?? 0));
  });
  const [neither, first, second] = [new Uint8Array(2), Uint8Array.of(1, 0), Uint8Array.of(0, 1)];
  expect(await worth([first, neither, Uint8Array.of(1, 0), first])).toEqual([1, 0, 1, 1]);
  expect(await worth([second, first])).toEqual([10, 1]);
  expect(asked).toEqual([[first, neither], [second]]);
});
