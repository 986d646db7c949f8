import type { TensorSpec } from '../protocol/tensor-spec.ts';

/** How messages tell the shape of an input or output. */
export function shapeWords({ shape, anyRank }: TensorSpec): string {
  return anyRank ? 'any shape' : `[${shape}]`;
}
