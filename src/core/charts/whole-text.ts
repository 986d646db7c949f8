import type { TextPart } from './fitted-text.ts';

/** The parts of a text, without any of them cut. */
export function wholeText(parts: readonly TextPart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}
