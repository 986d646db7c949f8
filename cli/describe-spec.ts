import type { TensorSpec } from '../src/protocol/tensor-spec.ts';

/** An input or output in short: `X FP32[N,4]`. */
export function describeSpec({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype}[${shape.map((size) => (size === -1 ? 'N' : size)).join(',')}]`;
}
