import type { Tensor } from '../../protocol/tensor.ts';

/**
 * The memory of one run: addresses of its values, and references to all that these values point into.
 *
 * A native value does not keep JavaScript memory alive, so what it points into must be referenced here,
 * from an object on the heap, until the run has ended and the value is released.
 */
export class RunSlots {
  readonly inputs: BigUint64Array;
  readonly outputs: BigUint64Array;
  heldInputs: readonly Tensor[] | undefined;
  heldOutputs: readonly Uint8Array[] | undefined;

  constructor(inputs: number, outputs: number) {
    this.inputs = new BigUint64Array(inputs);
    this.outputs = new BigUint64Array(outputs);
  }

  clear(): void {
    this.inputs.fill(0n);
    this.outputs.fill(0n);
    this.heldInputs = undefined;
    this.heldOutputs = undefined;
  }
}
