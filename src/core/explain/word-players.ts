import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';
import type { ItemInputs, TextItem } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';
import type { Players } from './players.ts';
import { type Word, wordsOf } from './words-of.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/** Parts that an answer is shared out among; of a longer text, words in a row are one. */
const mostPlayers = 256;

/**
 * The words of a text as players: one that is left out is gone, or the baseline stands in its place. Of a pair these
 * are the words of the first. Throws 400 for a text without words, or another baseline.
 *
 * Source: Ribeiro, Singh and Guestrin, "Why Should I Trust You?", 2016, section 3.1.
 */
export function wordPlayers(task: Task, item: TextItem, baseline: unknown): Players {
  const { text } = item;
  const words = typeof text === 'string' ? grouped(text, wordsOf(text)) : [];
  if (typeof text !== 'string' || words.length === 0)
    throw new ServiceError(400, 'expected a text with words, to share an answer out among them');
  if (baseline !== undefined && (typeof baseline !== 'string' || baseline.length > 100))
    throw wrongBaseline(`expected a text to stand for a word, such as "[MASK]", got ${shownJson(baseline)}`);
  return {
    count: words.length,
    baseline: baseline ? `${JSON.stringify(baseline)} in place of words` : 'words are left out',
    rows: 1,
    varies: words.map(({ word }) => word !== baseline),
    shown: words.map(({ word, start, end }) => ({ word, start, end })),
    inputs: async (present) => [
      (await task.preprocess.apply({ ...item, text: without(text, words, present, baseline ?? '') })) as ItemInputs,
    ],
  };
}

function grouped(text: string, words: readonly Word[]): readonly Word[] {
  const size = Math.ceil(words.length / mostPlayers);
  if (size <= 1) return words;
  return Array.from({ length: Math.ceil(words.length / size) }, (_item, group) => {
    const some = words.slice(group * size, (group + 1) * size);
    const [first, last] = [some[0], some.at(-1)] as [Word, Word];
    return { word: text.slice(first.from, last.to), from: first.from, to: last.to, start: first.start, end: last.end };
  });
}

function without(text: string, words: readonly Word[], present: Uint8Array, mask: string): string {
  let at = 0;
  let left = '';
  for (const [index, { from, to }] of words.entries()) {
    if (present[index] === 1) continue;
    left += text.slice(at, from) + mask;
    at = to;
  }
  return left + text.slice(at);
}
