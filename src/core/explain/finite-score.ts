import { ServiceError } from '../../protocol/service-error.ts';

/**
 * A score that can be shared out. Throws 400 for one that is no number, or infinite.
 *
 * @param where what the model was asked, where that is not the item itself
 */
export function finiteScore(score: number, where?: string): number {
  if (Number.isFinite(score)) return score;
  if (where === undefined)
    throw new ServiceError(400, `the model answers ${score} to the item, of which nothing can be shared out`);
  throw new ServiceError(400, `the model answers ${score} ${where}; give a baseline that it can answer`, {
    field: 'baseline',
  });
}
