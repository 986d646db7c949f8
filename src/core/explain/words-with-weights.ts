import type { EncodedItem } from '../tasks/flow.ts';
import type { WeighedPart } from './explanation.ts';
import { wordsOf } from './words-of.ts';

/**
 * Words of a text with the weights of their tokens; behind them, as one, what is no word: tokens around the text, and
 * between words.
 */
export function wordsWithWeights({ fitted }: EncodedItem, weights: ArrayLike<number>): readonly WeighedPart[] {
  const words = wordsOf(fitted.text).map(({ word, start, end }) => ({ word, start, end, weight: 0 }));
  let others = 0;
  let next = 0;
  for (const [token, place] of fitted.places().entries()) {
    const weight = weights[token] ?? 0;
    while (place && next < words.length && place.start >= (words[next]?.end ?? 0)) next += 1;
    // A token may begin with the space before its word.
    const found = place && place.end > (words[next]?.start ?? place.end) ? words[next] : undefined;
    if (found) found.weight += weight;
    else others += weight;
  }
  return [...words, { word: null, start: null, end: null, weight: others }];
}
