import type { EncodedItem } from '../tasks/flow.ts';
import type { WeighedPart } from './explanation.ts';
import { takenEnd } from './taken-end.ts';
import { wordsOf } from './words-of.ts';

/**
 * Words of a text, of one that is cut those that the model takes, with the weights of their tokens; behind them, as
 * one, what is no word: tokens around the text, and between words, and a second text that it is compared with.
 */
export function wordsWithWeights({ fitted }: EncodedItem, weights: ArrayLike<number>): readonly WeighedPart[] {
  const last = takenEnd(fitted);
  const words = wordsOf(fitted.text)
    .filter(({ start }) => start < last)
    .map(({ word, start, end }) => ({ word, start, end, weight: 0 }));
  let others = 0;
  let next = 0;
  for (const [token, found] of fitted.places().entries()) {
    const weight = weights[token] ?? 0;
    const place = found?.text === 0 ? found : undefined;
    while (place && next < words.length && place.start >= (words[next]?.end ?? 0)) next += 1;
    // A token may begin with the space before its word.
    const word = place && place.end > (words[next]?.start ?? place.end) ? words[next] : undefined;
    if (word) word.weight += weight;
    else others += weight;
  }
  return [...words, { word: null, start: null, end: null, weight: others }];
}
