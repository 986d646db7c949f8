import { decodeInferenceRequest } from '../../protocol/decode-inference-request.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { fitShape } from '../fit-shape.ts';
import { nestedShape } from '../nested-shape.ts';

// As answers spell what JSON has no form for.
const beyondJson: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/**
 * A tensor of nested values of JSON; those of fewer dimensions than `spec` has get dimensions of 1 in front. What
 * requests may not have in JSON, samples may: the texts NaN, Infinity and -Infinity are these numbers, as a model that
 * takes missing values is to be tried with some.
 *
 * Throws an Error that says what is wrong with them.
 */
export function sampleTensor(
  { name, datatype, shape, anyRank }: TensorSpec,
  value: unknown,
  limits: DecodeLimits,
): Tensor {
  const fitted = fitShape(nestedShape(`input '${name}'`, value), anyRank ? 0 : shape.length);
  const values = [value].flat(Number.POSITIVE_INFINITY);
  const isFloat = datatype === 'FP32' || datatype === 'FP64';
  const data = isFloat ? values.map((item) => (beyondJson.includes(item) ? 0 : item)) : values;
  const body = new TextEncoder().encode(JSON.stringify({ inputs: [{ name, datatype, shape: fitted, data }] }));
  const [tensor] = decodeInferenceRequest(body, undefined, limits).inputs;
  if (!tensor) throw new TypeError('the decoder lost the tensor');
  if (isFloat && tensor.datatype === datatype) putBeyondJson(tensor, values);
  return tensor;
}

function putBeyondJson({ datatype, data }: FixedTensor, values: readonly unknown[]): void {
  const write = elementWriters[datatype];
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (const [index, value] of values.entries())
    if (beyondJson.includes(value)) write?.(view, index * elementBytes[datatype], value);
}
