import { seededRandom } from '../seeded-random.ts';
import type { FitOptions } from './fit-rows.ts';
import { miniBatches } from './mini-batches.ts';

/**
 * The batches of a pass over rows that are in groups of the same shapes: those of the seed and of its number, from 1,
 * whatever was before.
 */
export function passBatches(
  groups: readonly (readonly number[])[],
  { batchRows, seed }: Pick<FitOptions, 'batchRows' | 'seed'>,
  epoch: number,
): readonly (readonly number[])[] {
  return miniBatches(groups, batchRows, seededRandom(Math.imul(epoch, 0x9e3779b1) ^ seed));
}
