import type { EncodedText, Tokenizer, TokenPlace } from '../../ports/tokenizer.ts';
import type { TextItem } from './flow.ts';

/** A text's tokens as the model takes them. */
export interface FittedText extends Pick<EncodedText, 'ids' | 'typeIds'> {
  /** Where each comes from; undefined: it was put around the texts. */
  places(): readonly (TokenPlace | undefined)[];
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
 * may be one word, take seconds.
 */
const mostCharacters = 262_144;

/**
 * The tokens of a text, or a pair, with those around them; of one that is too long the first ones, of a pair most of
 * the longer goes. Rejects as the tokenizer.
 */
export async function fitTokens(tokenizer: Tokenizer, item: TextItem, maxTokens: number): Promise<FittedText> {
  if (typeof item.text !== 'string') {
    const ids = item.text.slice(0, maxTokens);
    const places = () => ids.map(() => undefined);
    return { ids, typeIds: ids.map(() => 0), places, tokens: item.text.length, text: '', isMore: false };
  }
  const text = await beginning(tokenizer, item.text, maxTokens);
  const pair = item.pair === undefined ? undefined : await beginning(tokenizer, item.pair, maxTokens);
  const isMore = text !== item.text || pair !== item.pair;
  const whole = await tokenizer.encode(text, true, pair);
  const tokens = whole.ids.length;
  const { ids, typeIds, texts, placeOf } = whole;
  if (tokens <= maxTokens)
    return { ids, typeIds, places: () => ids.map((_id, at) => placeOf(at)), tokens, text, isMore };
  const kept = keptTokens(texts(), maxTokens);
  const cut = <T>(values: readonly T[]) => kept.map((at) => values[at] as T);
  return { ids: cut(ids), typeIds: cut(typeIds), places: () => kept.map(placeOf), tokens, text, isMore };
}

/**
 * A text, or where it has far more tokens than there may be, a beginning that has too many: a megabyte takes a second
 * to be made tokens of.
 */
async function beginning(tokenizer: Tokenizer, text: string, maxTokens: number): Promise<string> {
  const most = Math.max(mostCharacters, Number.isFinite(maxTokens) ? 2 * maxTokens * usualCharacters : 0);
  let length = Math.max(leastCharacters, maxTokens * usualCharacters);
  for (; length < Math.min(most, text.length); length *= 4) {
    const part = wholeCharacters(text, length);
    const { ids } = await tokenizer.encode(part, false);
    if (ids.length >= 2 * maxTokens) return part;
  }
  return wholeCharacters(text, most);
}

/** The beginning of a text, without half of a character, as one of two units of UTF-16 is. */
function wholeCharacters(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** Which of so many tokens stay: all that are put around texts, and of each text the first ones. */
function keptTokens(texts: readonly (number | undefined)[], most: number): readonly number[] {
  const lengths = [0, 0];
  for (const text of texts) if (text !== undefined) lengths[text] = (lengths[text] ?? 0) + 1;
  const [first = 0, second = 0] = lengths;
  const left = [...shares(first, second, Math.max(0, most - (texts.length - first - second)))];
  const kept = Array.from(texts.keys()).filter((at) => {
    const text = texts[at];
    if (text === undefined) return true;
    left[text] = (left[text] ?? 0) - 1;
    return (left[text] ?? 0) >= 0;
  });
  return kept.slice(0, most);
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
