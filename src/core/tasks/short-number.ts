import { shortestFloat32 } from '../../protocol/shortest-float32.ts';

/** FP32 with no more digits than it has, as in JSON of tensors. */
export function shortNumber(value: number): number {
  return Number.isFinite(value) && Math.fround(value) === value ? Number(shortestFloat32(value)) : value;
}
