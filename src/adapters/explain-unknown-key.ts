import { nearHint } from './near-hint.ts';

/** Says of a key that there is no such one, and which was likely meant. */
export function explainUnknownKey(key: string, known: readonly string[]): string {
  return `unknown key '${key}'; ${nearHint(key, known, 'the keys are')}`;
}
