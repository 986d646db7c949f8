import type { Recipe } from '../src/adapters/training/recipe.ts';
import { type LabelledRows, type PrepareOptions, prepareRows } from '../src/core/training/prepare-rows.ts';
import type { PreparedRows } from '../src/core/training/prepared-rows.ts';

/** Parts rows as a recipe says. Throws an Error where nothing can be learned from them, or not by this recipe. */
export function preparedBy(
  { loss, split: shares, seed }: Recipe,
  rows: LabelledRows,
  test: LabelledRows | undefined,
  options: Omit<PrepareOptions, 'shares' | 'seed'>,
): PreparedRows {
  const prepared = prepareRows(rows, test, { ...options, shares, seed });
  const { classes } = prepared;
  const weights = loss?.kind === 'cross-entropy' ? loss.classWeights?.length : undefined;
  if (classes && weights !== undefined && weights !== classes.length)
    throw new Error(
      `recipe: 'loss.classWeights': expected a weight for each of ${classes.length} classes, in the order of their names, got ${weights}`,
    );
  return prepared;
}
