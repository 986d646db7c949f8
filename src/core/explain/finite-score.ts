import { ServiceError } from '../../protocol/service-error.ts';

/**
 * A score that can be shared out. Throws 400 for one that is no number, or infinite.
 *
 * @param whereOf what the model was asked, in words, where that is not the item itself
 */
export function finiteScore(score: number, whereOf: () => string | undefined): number {
  if (Number.isFinite(score)) return score;
  const where = whereOf();
  if (where === undefined)
    throw new ServiceError(400, `the model answers ${score} to the item, of which nothing can be shared out`);
  throw new ServiceError(400, `the model answers ${score} ${where}; give a baseline that it can answer`, {
    field: 'baseline',
  });
}
