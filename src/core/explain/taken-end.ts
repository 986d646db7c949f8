import type { FittedText } from '../tasks/fit-tokens.ts';

/** Up to which character the model takes tokens of a text: of one that is cut, to the end of the last. */
export function takenEnd({ ids, tokens, isMore, places }: FittedText): number {
  if (ids.length === tokens && !isMore) return Number.POSITIVE_INFINITY;
  return places().reduce((end, place) => (place?.text === 0 ? Math.max(end, place.end) : end), 0);
}
