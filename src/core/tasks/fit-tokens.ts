import type { EncodedText, Tokenizer } from '../../ports/tokenizer.ts';
import type { TextItem } from './flow.ts';

/** A text's tokens as the model takes them. */
export interface FittedText extends EncodedText {
  /** How many there would be, uncut. */
  readonly tokens: number;
}

/** The tokens of a text, or a pair, with those around them; of one that is too long the first ones, of a pair most of the longer goes. */
export function fitTokens(tokenizer: Tokenizer, item: TextItem, maxTokens: number): FittedText {
  const { text, pair } = item;
  if (typeof text !== 'string') {
    const ids = text.slice(0, maxTokens);
    return { ids, typeIds: ids.map(() => 0), tokens: text.length };
  }
  const whole = tokenizer.encode(text, true, pair);
  const tokens = whole.ids.length;
  if (tokens <= maxTokens) return { ...whole, tokens };
  const first = tokenizer.encode(text, false).ids;
  const second = pair === undefined ? [] : tokenizer.encode(pair, false).ids;
  const around = tokens - first.length - second.length;
  const from = placeOf(whole.ids, first, 0);
  const between = placeOf(whole.ids, second, from + first.length);
  const [own, more] = shares(first.length, second.length, Math.max(0, maxTokens - around));
  const cut = (values: readonly number[]) => {
    const middle = values.slice(from + first.length, between);
    const end = values.slice(between + second.length);
    const kept = [values.slice(0, from + own), middle, values.slice(between, between + more), end];
    return kept.flat().slice(0, maxTokens);
  };
  return { ids: cut(whole.ids), typeIds: cut(whole.typeIds), tokens };
}

/** Where a row of tokens begins among others. */
function placeOf(ids: readonly number[], row: readonly number[], from: number): number {
  let at = from;
  while (at + row.length < ids.length && row.some((id, index) => ids[at + index] !== id)) at += 1;
  return at;
}

/** Of two lengths what is kept of `most` together: half of it, or all, of the shorter, and what is left of the other. Source: tokenizers, LongestFirst. */
function shares(first: number, second: number, most: number): readonly [number, number] {
  if (first + second <= most) return [first, second];
  const short = Math.min(first, second, Math.floor(most / 2));
  return first > second ? [most - short, short] : [short, most - short];
}
