import { closest, distance } from 'fastest-levenshtein';

/** The known word that `word` is most likely a slip for; undefined where none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(word, known);
  const slips = distance(word.toLowerCase(), nearest.toLowerCase());
  // Half of a word and more is another word.
  return slips <= Math.max(2, Math.floor(nearest.length / 3)) && 2 * slips < nearest.length ? nearest : undefined;
}
