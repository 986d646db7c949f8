import { nearestWord } from './nearest-word.ts';

/**
 * What to say of a word that is not known: which was meant, as it seems, or else which there are, as in `it has a, b`.
 */
export function nearHint(word: string, known: readonly string[], there = 'it has'): string {
  const near = nearestWord(word, known);
  return near === undefined ? `${there} ${known.join(', ') || 'none'}` : `did you mean '${near}'?`;
}
