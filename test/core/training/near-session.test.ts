import { describe, expect, test } from '@jest/globals';
import { NearSession } from '../../../src/core/training/near-session.ts';
import type { Run, Session } from '../../../src/ports/session.ts';

const run: Run = { inputs: [], inputNames: [], outputNames: [] };

/** A session whose runs take so long, by a clock that nothing else moves, and where they were made. */
function sessionOf(runMs: number) {
  let now = 0;
  const places: string[] = [];
  const made = (place: string) => {
    now += runMs;
    places.push(place);
    return [];
  };
  const session = { run: async () => made('elsewhere'), runSync: () => made('here') } as unknown as Session;
  return { near: new NearSession(session, { now: () => now }), places };
}

describe('a session near by', () => {
  test('makes short runs here, once it knows that they are, and gives others a turn each 5 ms', async () => {
    const { near, places } = sessionOf(0.25);
    await near.run(run);
    let turns = 0;
    const turn = () => {
      turns += 1;
      if (turns < 1000) setImmediate(turn);
    };
    setImmediate(turn);
    for (let count = 0; count < 81; count += 1) await near.run(run);
    expect(places).toEqual(['elsewhere', ...Array(81).fill('here')]);
    expect(turns).toBe(4);
    turns = 1000;
  });

  test('makes long runs elsewhere', async () => {
    const { near, places } = sessionOf(3);
    for (let count = 0; count < 3; count += 1) await near.run(run);
    expect(places).toEqual(Array(3).fill('elsewhere'));
  });

  test('leaves a run that is ended before it begins to the session, which says so', async () => {
    const { near, places } = sessionOf(0.25);
    await near.run(run);
    await near.run(run, AbortSignal.abort());
    expect(places).toEqual(['elsewhere', 'elsewhere']);
  });
});
