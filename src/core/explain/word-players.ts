import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';
import type { ItemInputs, TextItem } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';
import { groupsOf } from './groups-of.ts';
import type { Players } from './players.ts';
import { takenEnd } from './taken-end.ts';
import { type Word, wordsOf } from './words-of.ts';
import { wrongBaseline } from './wrong-baseline.ts';

export interface WordPlayers extends Players {
  /** Whether there is more of the text than the model takes. */
  readonly isCut: boolean;
}

/**
 * The words of a text as players, or of more than 256 some in a row as one: one that is left out is gone, or the
 * baseline stands in its place. Of a pair these are the words of the first, and of a text that is cut those that the
 * model takes. Rejects with 400 for a text without words, or another baseline.
 *
 * Source: Ribeiro, Singh and Guestrin, "Why Should I Trust You?", 2016, section 3.1.
 */
export async function wordPlayers(task: Task, item: TextItem, baseline: unknown): Promise<WordPlayers> {
  const { text } = item;
  const { encoded } = (await task.preprocess.apply(item)) as ItemInputs;
  const end = encoded ? takenEnd(encoded.fitted) : Number.POSITIVE_INFINITY;
  const words = typeof text === 'string' ? grouped(text, end) : [];
  if (typeof text !== 'string' || words.length === 0)
    throw new ServiceError(400, 'expected a text with words, to share an answer out among them');
  if (baseline !== undefined && (typeof baseline !== 'string' || baseline.length > 100))
    throw wrongBaseline(`expected a text to stand for a word, such as "[MASK]", got ${shownJson(baseline)}`);
  // What was cut would come in the place of what is left out.
  const taken = text.slice(0, Math.max(words.at(-1)?.to ?? 0, [...text].slice(0, end).join('').length));
  return {
    isCut: end < Number.POSITIVE_INFINITY,
    count: words.length,
    baseline: baseline ? `${JSON.stringify(baseline)} in place of words` : 'words are left out',
    rows: 1,
    varies: words.map(({ word }) => word !== baseline),
    shown: words.map(({ word, start, end }) => ({ word, start, end })),
    inputs: async (present) => [
      (await task.preprocess.apply({ ...item, text: without(taken, words, present, baseline ?? '') })) as ItemInputs,
    ],
  };
}

function grouped(text: string, end: number): readonly Word[] {
  return groupsOf(wordsOf(text).filter(({ start }) => start < end)).map((some) => {
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
