import type { Finding } from './finding.ts';

/** A finding, for people: `lost-points: output 'y': … (samples.jsonl line 12)`. */
export function findingWords({ name, words, where }: Finding): string {
  return `${name}: ${words}${where === undefined || words.includes(where) ? '' : ` (${where})`}`;
}
