/** A word of a text, with its place in units of UTF-16, and in characters (code points) as answers have it. */
export interface Word {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

const words = new Intl.Segmenter('und', { granularity: 'word' });

/** What is no word to Unicode, and says as much as one: pictures, and flags. */
const pictograph = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/**
 * The words of a text, by Unicode's rules, also of languages that write no spaces between them; each pictograph is one.
 */
export function wordsOf(text: string): readonly Word[] {
  const found: Word[] = [];
  let characters = 0;
  for (const { segment, index, isWordLike } of words.segment(text)) {
    const length = [...segment].length;
    if (isWordLike || pictograph.test(segment))
      found.push({
        word: segment,
        from: index,
        to: index + segment.length,
        start: characters,
        end: characters + length,
      });
    characters += length;
  }
  return found;
}
