import type { AskedItems } from './asked-items.ts';
import { cosine } from './cosine.ts';
import type { Predicted } from './predict.ts';

/**
 * Of comparisons how alike sentences are to others, in place of their vectors: the cosines of these, from -1 to 1. What
 * is none is left as it is.
 *
 * @param predicted what the model says of each item that was asked
 */
export function similarities(
  predicted: readonly Predicted[],
  counts: AskedItems['counts'] | undefined,
): readonly Predicted[] {
  if (!counts) return predicted;
  let at = 0;
  return counts.map((count) => {
    const own = predicted.slice(at, at + count + 1);
    at += count + 1;
    const [source = [], ...others] = own.map(({ prediction }) => prediction as readonly number[]);
    return {
      prediction: others.map((other) => cosine(source, other)),
      tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
      isTruncated: own.some(({ isTruncated }) => isTruncated),
    };
  });
}
