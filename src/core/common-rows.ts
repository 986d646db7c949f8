import type { Tensor } from '../protocol/tensor.ts';

/** How many rows all tensors have alike; 0 where they do not. */
export function commonRows(tensors: readonly Tensor[]): number {
  const rows = tensors[0]?.shape[0] ?? 0;
  return tensors.every(({ shape }) => shape[0] === rows) ? rows : 0;
}
