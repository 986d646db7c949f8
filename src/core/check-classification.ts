import type { Parameters } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';

/**
 * Whether the best classes of an output are asked for. Throws 400 for what is no number of them, and for an output that
 * has none.
 */
export function checkClassification({ name, datatype }: TensorSpec, { classification }: Parameters): boolean {
  if (classification === undefined || classification === 0) return false;
  if (typeof classification !== 'number' || !Number.isInteger(classification) || classification < 0) {
    throw new ServiceError(
      400,
      `output '${name}', parameter 'classification': expected a number of classes, got ${JSON.stringify(classification)}`,
    );
  }
  if (datatype !== 'BYTES' && datatype !== 'FP16' && datatype !== 'BF16') return true;
  throw new ServiceError(400, `output '${name}' is ${datatype}, which has no classification`);
}
