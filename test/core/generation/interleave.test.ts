import { describe, expect, test } from '@jest/globals';
import { interleave } from '../../../src/core/generation/interleave.ts';

const noSignal = new AbortController().signal;

describe('several sources at once', () => {
  let under: Set<string>;

  async function* letters(word: string): AsyncGenerator<string, void> {
    under.add(word);
    try {
      for (const letter of word) {
        await Promise.resolve();
        if (letter === '!') throw new Error('!');
        yield letter;
      }
    } finally {
      under.delete(word);
    }
  }

  const read = async (words: readonly string[], atOnce: number) => {
    under = new Set();
    let most = 0;
    const texts = words.map(() => '');
    let order = '';
    const all = interleave(
      words.map((word) => () => letters(word)),
      atOnce,
      noSignal,
    );
    for await (const { index, value } of all) {
      texts[index] += value;
      order += value;
      most = Math.max(most, under.size);
    }
    return { texts, order, most };
  };

  test('all of each is given, and no more than so many are under way', async () => {
    expect(await read(['abc', '', 'de', 'fghi'], 2)).toMatchObject({ texts: ['abc', '', 'de', 'fghi'], most: 2 });
    expect(await read([], 2)).toMatchObject({ texts: [] });
  });

  test('each has its turn', async () => {
    expect((await read(['aaaa', 'bbbb'], 8)).order).toBe('abababab');
  });

  test('no one is asked for more before what it gave was taken', async () => {
    let asked = 0;
    async function* counted(): AsyncGenerator<number, void> {
      for (;;) {
        asked += 1;
        yield asked;
      }
    }
    const all = interleave([counted], 8, noSignal);
    await all.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(1);
    await all.return();
  });

  test('all end with the first failure, or as the reader leaves, and hear of it', async () => {
    await expect(read(['abc', 'd!'], 8)).rejects.toThrow('!');
    expect([...under]).toEqual([]);

    const signals: AbortSignal[] = [];
    const sources = ['abc', 'def'].map((word) => (signal: AbortSignal) => {
      signals.push(signal);
      return letters(word);
    });
    const all = interleave(sources, 8, noSignal);
    await all.next();
    await all.return();
    expect([[...under], signals.map(({ aborted }) => aborted)]).toEqual([[], [true, true]]);
  });
});
