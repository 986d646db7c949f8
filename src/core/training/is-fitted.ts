import type { FitProgress } from './fit-progress.ts';
import type { FitOptions } from './fit-rows.ts';

/**
 * Whether a training is over: all passes are done, or, where there are rows to stop by, the last ones brought nothing
 * for these.
 */
export function isFitted(
  { curve, best }: Pick<FitProgress, 'curve' | 'best'>,
  { epochs, patience }: Pick<FitOptions, 'epochs' | 'patience'>,
  hasValidation: boolean,
): boolean {
  return curve.length >= epochs || (hasValidation && curve.length - best.epoch >= patience);
}
