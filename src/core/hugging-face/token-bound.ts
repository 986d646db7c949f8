/** What says that there is no bound is larger: Hugging Face writes 10^30, or 10^20. */
const tooMany = 1_000_000_000;
/** With fewer there is no room for a token between the two that are put around a text. */
const fewest = 3;

/**
 * How many tokens a text may have, as a file of Hugging Face has it; undefined where that is no number, or one that
 * means no bound.
 */
export function tokenBound(value: unknown): number | undefined {
  const isBound = typeof value === 'number' && Number.isInteger(value) && value >= fewest && value < tooMany;
  return isBound ? value : undefined;
}
