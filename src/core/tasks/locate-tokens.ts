import type { TextParts } from '../../ports/tokenizer.ts';
import { Pace } from '../pace/pace.ts';

/** Where a token lies in its text, in characters (code points), the last not included. */
export interface TokenPlace {
  readonly start: number;
  readonly end: number;
}

/** A byte of the text as its tokens have it, and the characters that it came of. */
interface SourceByte extends TokenPlace {
  readonly byte: number;
}

/**
 * Characters of one grapheme that are told apart at most: no language has as many, and a letter may have any number of
 * accents.
 */
const mostTogether = 64;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** How many bytes are passed before it is looked at whether others are to have their turn. */
const bytesAtOnce = 256;

/**
 * Where the first `count` tokens of a text lie in it, with turns for others in between: the text is normalized
 * character by character, and each token has to be what comes next. Undefined where one is not, as with normalizers
 * that look at more than a character: nothing is guessed.
 */
export async function locateTokens(
  text: string,
  parts: TextParts,
  count: number,
): Promise<readonly TokenPlace[] | undefined> {
  const pace = new Pace();
  const bytes = sourceBytes(text, parts);
  const places: TokenPlace[] = [];
  let words: Words | undefined;
  let at = 0;
  let last = 0;
  for (const piece of parts.pieces.slice(0, count)) {
    if (!piece) words ??= new Words(parts.words());
    const length = piece?.length ?? words?.left(at) ?? 0;
    let start: number | undefined;
    for (let index = 0; index < length; index += 1) {
      if ((at + index) % bytesAtOnce === 0 && pace.isDue) await pace.giveWay();
      const { value, done } = bytes.next();
      if (done || (piece && value.byte !== piece[index])) return undefined;
      start ??= value.start;
      last = value.end;
    }
    places.push({ start: start ?? last, end: last });
    at += length;
  }
  return places;
}

function* sourceBytes(text: string, { normalize }: TextParts): Generator<SourceByte, undefined> {
  let start = 0;
  for (const { segment } of graphemes.segment(text)) {
    const characters = [...segment];
    const whole = normalize(segment);
    const each = characters.length <= mostTogether ? characters.map(normalize) : [];
    // Characters that become others together, as a letter and an accent may, are not told apart.
    const isSum = characters.length > 1 && isSame(each, whole);
    for (const [index, bytes] of (isSum ? each : [whole]).entries()) {
      const from = start + index;
      const end = isSum ? from + 1 : start + characters.length;
      for (const byte of bytes) yield { byte, start: from, end };
    }
    start += characters.length;
  }
}

function isSame(parts: readonly Uint8Array[], whole: Uint8Array): boolean {
  const joined = parts.flatMap((part) => [...part]);
  return joined.length === whole.length && joined.every((byte, index) => byte === whole[index]);
}

/** The words of a text, of which a token that is not known is what is left. */
class Words {
  readonly #lengths: readonly number[];
  #word = 0;
  #end = 0;

  constructor(lengths: readonly number[]) {
    this.#lengths = lengths;
  }

  /** Bytes of the word at a place from there on; asked for places that ascend. */
  left(at: number): number {
    while (this.#end <= at && this.#word < this.#lengths.length) this.#end += this.#lengths[this.#word++] ?? 0;
    return Math.max(0, this.#end - at);
  }
}
