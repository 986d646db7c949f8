import { ServiceError } from '../../protocol/service-error.ts';

/** Weights by gradients. Throws 400 where one is no number, or infinite, as where the model is infinitely steep. */
export function finiteWeights(weights: Float64Array): Float64Array {
  if (weights.every(Number.isFinite)) return weights;
  throw new ServiceError(
    400,
    'the gradients of the model are not finite at the item, or on the way to it; kernel-shap, lime and occlusion go by none',
    { field: 'method' },
  );
}
