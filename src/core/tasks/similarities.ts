import { cosine } from './cosine.ts';
import type { Predicted } from './predict.ts';

/**
 * How alike sentences are to others: the cosines of their vectors, from -1 to 1.
 *
 * @param vectors of all sentences: of each comparison that which is compared, and those that it is compared with
 * @param counts how many those are, of each comparison
 */
export function similarities(vectors: readonly Predicted[], counts: readonly number[]): readonly Predicted[] {
  let at = 0;
  return counts.map((count) => {
    const own = vectors.slice(at, at + count + 1);
    at += count + 1;
    const [source = [], ...others] = own.map(({ prediction }) => prediction as readonly number[]);
    return {
      prediction: others.map((other) => cosine(source, other)),
      tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
      isTruncated: own.some(({ isTruncated }) => isTruncated),
    };
  });
}
