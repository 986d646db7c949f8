import type { Recipe } from '../src/adapters/training/recipe.ts';
import { numberText } from '../src/core/training/number-text.ts';
import type { Predicted } from '../src/core/training/prepared-rows.ts';
import type { NetworkKind } from '../src/graph/networks/network.ts';

const decimal = /\.\d|e-/i;
/** Of all targets: so few that are no numbers are mistakes among numbers, rather than the names of classes. */
const strayShare = 0.05;

/**
 * What a network is to tell. Whole numbers may be names of classes; where one of them has a part behind the point, and
 * all but some strays are numbers, they are none.
 */
export function predictedBy(kind: NetworkKind, { loss }: Pick<Recipe, 'loss'>, targets: readonly string[]): Predicted {
  if (loss?.kind === 'cosine') return 'vectors';
  if (loss?.kind === 'binary-cross-entropy') return 'labels';
  if (loss) return loss.kind === 'cross-entropy' ? 'classes' : 'numbers';
  if (kind === 'linear') return 'numbers';
  if (kind === 'logistic') return 'classes';
  const numbers = targets.filter((text) => numberText.test(text));
  const strays = targets.length - numbers.length;
  return numbers.some((text) => decimal.test(text)) && strays <= Math.max(1, strayShare * targets.length)
    ? 'numbers'
    : 'classes';
}
