import type { TokenConstraint } from '../../src/ports/token-constraint.ts';
import { byteVocabulary, endToken } from './byte-vocabulary.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text that a model of no sense at all makes under a constraint: each token that may come is as likely as another.
 * Undefined: it did not end.
 */
export function randomAnswer(constraint: TokenConstraint, maxTokens: number, random: () => number): string | undefined {
  const bytes: number[] = [];
  for (let made = 0; made < maxTokens; made += 1) {
    const allowed = allowedTokens(constraint);
    const token = allowed[Math.floor(random() * allowed.length)];
    if (token === undefined) throw new Error(`nothing may come after ${JSON.stringify(String.fromCharCode(...bytes))}`);
    constraint.accept(token);
    if (token === endToken) return decoder.decode(Uint8Array.from(bytes));
    bytes.push(...(byteVocabulary[token] ?? []));
  }
  return undefined;
}

export function allowedTokens(constraint: TokenConstraint): readonly number[] {
  const bits = constraint.allowed();
  const found: number[] = [];
  for (let token = 0; token < byteVocabulary.length; token += 1)
    if (!bits || (((bits[token >>> 5] ?? 0) >>> (token & 31)) & 1) === 1) found.push(token);
  return found;
}
