import type { PlacedTensor } from '../../ports/session.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/**
 * Tensors that lie here and in the memory of a device: what was written last counts, and is copied to the other side
 * once that is asked for. Without a device they lie here alone, and there is nothing to copy.
 */
export class MirroredTensors {
  readonly #placed: ReadonlyMap<FixedTensor, PlacedTensor>;
  #newer: 'here' | 'there' | 'none' = 'here';

  /**
   * @param tensors of memory that may be written to
   * @param place memory of the device; undefined: there is none
   */
  constructor(tensors: readonly FixedTensor[], place: ((like: FixedTensor) => PlacedTensor) | undefined) {
    this.#placed = new Map(place && tensors.map((tensor) => [tensor, place(tensor)]));
  }

  /** A tensor as runs take it: `toDevice` before, `changed` where it was written. */
  placed(tensor: FixedTensor): FixedTensor {
    return this.#placed.get(tensor) ?? tensor;
  }

  /** Has those here be as they are now. They may be written to until the next `toDevice`. */
  toHere(): void {
    if (this.#newer === 'there') for (const [{ data }, placed] of this.#placed) placed.readInto(data);
    this.#newer = 'here';
  }

  toDevice(): void {
    if (this.#newer === 'here') for (const [{ data }, placed] of this.#placed) placed.write(data);
    if (this.#newer === 'here') this.#newer = 'none';
  }

  /** A run has written those on the device. */
  changed(): void {
    this.#newer = 'there';
  }

  /** Frees the memory of the device; they stay here. */
  release(): void {
    this.toHere();
    for (const { held } of this.#placed.values()) held.release();
  }
}
