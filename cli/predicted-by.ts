import type { Recipe } from '../src/adapters/training/recipe.ts';
import type { Predicted } from '../src/core/training/prepared-rows.ts';
import type { NetworkKind } from '../src/graph/networks/network.ts';

const decimal = /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i;

/**
 * What a network is to tell. Whole numbers may be names of classes; where one of them has a part behind the point, they
 * are none.
 */
export function predictedBy(kind: NetworkKind, { loss }: Pick<Recipe, 'loss'>, targets: readonly string[]): Predicted {
  if (loss?.kind === 'cosine') return 'vectors';
  if (loss?.kind === 'binary-cross-entropy') {
    if (kind !== 'linear') return 'labels';
    throw new Error(
      '--new linear predicts a number, and binary-cross-entropy is of labels: expected --new logistic or mlp',
    );
  }
  if (loss) return loss.kind === 'cross-entropy' ? 'classes' : 'numbers';
  if (kind === 'linear') return 'numbers';
  if (kind === 'logistic') return 'classes';
  return targets.some((text) => decimal.test(text)) && targets.every((text) => Number.isFinite(Number(text)))
    ? 'numbers'
    : 'classes';
}
