import { expect, test } from '@jest/globals';
import { allOf } from '../../../src/core/explain/all-of.ts';
import { askedOnce } from '../../../src/core/explain/asked-once.ts';
import type { Game } from '../../../src/core/explain/game.ts';
import type { Coalition } from '../../../src/core/explain/players.ts';

test('coalitions are asked for once each, and answered as often as they are among those given', async () => {
  const asked: (readonly Coalition[])[] = [];
  const game: Game = {
    players: 2,
    whole: 11,
    nothing: 0,
    worth: async function* (coalitions) {
      asked.push(coalitions);
      for (const present of coalitions) yield (present[0] ?? 0) + 10 * (present[1] ?? 0);
    },
    pause: async () => undefined,
  };
  const [neither, first, second] = [new Uint8Array(2), Uint8Array.of(1, 0), Uint8Array.of(0, 1)];
  expect(await allOf(askedOnce(game, [first, neither, Uint8Array.of(1, 0), second, first]))).toEqual([1, 0, 1, 10, 1]);
  expect(await allOf(askedOnce(game, []))).toEqual([]);
  expect(asked).toEqual([[first, neither, second], []]);
});
