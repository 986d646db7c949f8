import type { Recipe, TrainingLoss } from '../src/adapters/training/recipe.ts';
import type { PrepareOptions } from '../src/core/training/prepare-rows.ts';
import type { TrainingSource } from './open-training-source.ts';

/** What a whole model learns. */
export interface Learned extends Pick<PrepareOptions, 'predicts' | 'classes'> {
  /** @default the usual one of what it predicts */
  readonly loss: TrainingLoss | undefined;
}

/**
 * What of a row a model learns to tell, and of which classes: by the recipe, or else as its answers are read where it
 * serves. Throws an Error where its output is none for that.
 */
export function learnedBy(recipe: Pick<Recipe, 'loss'>, source: TrainingSource, target: string | undefined): Learned {
  const { name, size } = source.output;
  const { preprocess } = source;
  if (preprocess?.folder.config?.name === 'feature-extraction')
    throw new Error('the model gives vectors, and no classes: --head linear has classes told by them');
  const loss = recipe.loss ?? lossOf(source);
  const named = preprocess?.folder.labels.get(name);
  const isOneNumber = loss?.kind === 'mean-squared-error' || size === 1;
  if (size < 0 && (!named || isOneNumber))
    throw new Error(`output '${name}' has a free last dimension: how many numbers it has for a row is not known`);
  const what = `output '${name}' has ${size} ${size === 1 ? 'number' : 'numbers'} for a row`;
  const leastNamed = loss?.kind === 'binary-cross-entropy' ? 1 : 2;
  if (named && size >= leastNamed && named.length !== size)
    throw new Error(`${what}, and config.json names ${named.length} classes: expected as many`);
  const classes = named ?? Array.from({ length: size }, (_class, place) => String(place));
  if (loss?.kind === 'binary-cross-entropy')
    return { loss, predicts: 'labels', classes: named || size > 1 ? classes : [target ?? '1'] };
  if (isOneNumber) {
    if (size > 1)
      throw new Error(`${what}, and by the loss mean-squared-error one is predicted: expected another loss`);
    if (loss?.kind === 'cross-entropy')
      throw new Error(
        `${what}, which is no class of several: expected the loss binary-cross-entropy or mean-squared-error`,
      );
    return { loss, predicts: 'numbers', classes: undefined };
  }
  return { loss, predicts: 'classes', classes };
}

/** Undefined for classes of which a row has one, and where nothing says how answers are read. */
function lossOf({ preprocess }: TrainingSource): TrainingLoss | undefined {
  const config = preprocess?.folder.config;
  const steps = config && 'postprocess' in config ? (config.postprocess ?? []) : [];
  if (steps.some((step) => 'sigmoid' in step)) return { kind: 'binary-cross-entropy' };
  return steps.some((step) => 'value' in step) ? { kind: 'mean-squared-error' } : undefined;
}
