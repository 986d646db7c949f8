const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What a reader takes for letters: an emoji of several characters, or one with its accents, is not to be cut. */
export function lettersOf(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}
