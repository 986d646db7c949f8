import type { EncodedText, Tokenizer } from '../../ports/tokenizer.ts';
import type { TextItem } from './flow.ts';

/** A text's tokens as the model takes them. */
export interface FittedText extends EncodedText {
  /** How many there would be, uncut, of `text`. */
  readonly tokens: number;
  /** The text, or as much of it as tells its first tokens. */
  readonly text: string;
  /** There is more of it, which makes it too long. */
  readonly isMore: boolean;
}

// Characters that are looked at for each token that there may be, at first, and at least.
const usualCharacters = 16;
const leastCharacters = 4096;
/**
 * Of these, or twice the usual ones where that is more, as many are looked at at most: the tokens of millions, which
 * may be one word, hold the event loop for seconds.
 */
const mostCharacters = 262_144;

/**
 * The tokens of a text, or a pair, with those around them; of one that is too long the first ones, of a pair most of
 * the longer goes.
 */
export function fitTokens(tokenizer: Tokenizer, item: TextItem, maxTokens: number): FittedText {
  if (typeof item.text !== 'string') {
    const ids = item.text.slice(0, maxTokens);
    return { ids, typeIds: ids.map(() => 0), tokens: item.text.length, text: '', isMore: false };
  }
  const text = beginning(tokenizer, item.text, maxTokens);
  const pair = item.pair === undefined ? undefined : beginning(tokenizer, item.pair, maxTokens);
  const isMore = text !== item.text || pair !== item.pair;
  const whole = tokenizer.encode(text, true, pair);
  const tokens = whole.ids.length;
  if (tokens <= maxTokens) return { ...whole, tokens, text, isMore };
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
  return { ids: cut(whole.ids), typeIds: cut(whole.typeIds), tokens, text, isMore };
}

/**
 * A text, or where it has far more tokens than there may be, a beginning that has too many: a megabyte takes a second
 * to be made tokens of.
 */
function beginning(tokenizer: Tokenizer, text: string, maxTokens: number): string {
  const most = Math.max(mostCharacters, Number.isFinite(maxTokens) ? 2 * maxTokens * usualCharacters : 0);
  let length = Math.max(leastCharacters, maxTokens * usualCharacters);
  for (; length < Math.min(most, text.length); length *= 4) {
    const part = wholeCharacters(text, length);
    if (tokenizer.encode(part, false).ids.length >= 2 * maxTokens) return part;
  }
  return wholeCharacters(text, most);
}

/** The beginning of a text, without half of a character, as one of two units of UTF-16 is. */
function wholeCharacters(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** Where a row of tokens begins among others. */
function placeOf(ids: readonly number[], row: readonly number[], from: number): number {
  let at = from;
  while (at + row.length < ids.length && row.some((id, index) => ids[at + index] !== id)) at += 1;
  return at;
}

/**
 * Of two lengths what is kept of `most` together: half of it, or all, of the shorter, and what is left of the other.
 * Source: tokenizers, LongestFirst.
 */
function shares(first: number, second: number, most: number): readonly [number, number] {
  if (first + second <= most) return [first, second];
  const short = Math.min(first, second, Math.floor(most / 2));
  return first > second ? [most - short, short] : [short, most - short];
}
