import { nearestWord } from './nearest-word.ts';

/** Says of a key that there is no such one, and which was likely meant. */
export function explainUnknownKey(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known);
  return `unknown key '${key}'${near ? `; did you mean '${near}'?` : `; the keys are ${known.join(', ')}`}`;
}
