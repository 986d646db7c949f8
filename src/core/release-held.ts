import type { Tensor } from '../protocol/tensor.ts';

/** Lets go of what tensors hold on a device. */
export function releaseHeld(tensors: readonly Tensor[]): void {
  for (const { held } of tensors) held?.release();
}
