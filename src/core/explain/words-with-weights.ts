import type { EncodedItem } from '../tasks/flow.ts';
import { locateTokens } from '../tasks/locate-tokens.ts';
import { ownTokens } from '../tasks/own-tokens.ts';
import type { WeighedPart } from './explanation.ts';
import { wordsOf } from './words-of.ts';

/**
 * Words of a text with the weights of their tokens; behind them, as one, what is no word: tokens around the text, and
 * between words. Where it cannot be told where tokens lie, tokens in place of words.
 */
export async function wordsWithWeights(
  { tokenizer, fitted }: EncodedItem,
  weights: ArrayLike<number>,
): Promise<readonly WeighedPart[]> {
  const { before, own } = ownTokens(tokenizer, fitted);
  const places = await locateTokens(fitted.text, tokenizer.parts(fitted.text), own);
  const words = places
    ? wordsOf(fitted.text).map(({ word, start, end }) => ({ word, start, end, weight: 0 }))
    : Array.from({ length: own }, (_item, at) => ({
        word: tokenizer.token(fitted.ids[before + at] as number),
        start: null,
        end: null,
        weight: 0,
      }));
  let others = 0;
  for (let token = 0; token < weights.length; token += 1) {
    const weight = weights[token] as number;
    const at = token - before;
    const place = places?.[at];
    const found =
      at < 0 || at >= own
        ? undefined
        : place
          ? words.find(({ start, end }) => start !== null && place.start >= start && place.start < end)
          : words[at];
    if (found) found.weight += weight;
    else others += weight;
  }
  return [...words, { word: null, start: null, end: null, weight: others }];
}
