import { decodeInferenceRequest } from '../../protocol/decode-inference-request.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { fitShape } from '../fit-shape.ts';
import { nestedShape } from '../nested-shape.ts';

/** A tensor of nested values of JSON; those of fewer dimensions than `spec` has get dimensions of 1 in front. Throws an Error that says what is wrong with them. */
export function sampleTensor(
  { name, datatype, shape, anyRank }: TensorSpec,
  value: unknown,
  limits: DecodeLimits,
): Tensor {
  const fitted = fitShape(nestedShape(`input '${name}'`, value), anyRank ? 0 : shape.length);
  const data = [value].flat(Number.POSITIVE_INFINITY);
  const body = new TextEncoder().encode(JSON.stringify({ inputs: [{ name, datatype, shape: fitted, data }] }));
  const [tensor] = decodeInferenceRequest(body, undefined, limits).inputs;
  if (!tensor) throw new TypeError('the decoder lost the tensor');
  return tensor;
}
