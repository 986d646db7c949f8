import type { PlacedTensor } from '../../ports/session.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/** Tensors that lie here and in the memory of a device: what was written last counts, and is copied to the other side once that is asked for. */
export class MirroredTensors {
  /** As runs take them: `toDevice` before, `changed` where they were written. */
  readonly placed: readonly PlacedTensor[];
  readonly #here: readonly FixedTensor[];
  #newer: 'here' | 'there' | 'none' = 'here';

  /** @param tensors of memory that may be written to */
  constructor(tensors: readonly FixedTensor[], place: (like: FixedTensor) => PlacedTensor) {
    this.#here = tensors;
    this.placed = tensors.map(place);
  }

  /** Has those here be as they are now. They may be written to until the next `toDevice`. */
  toHere(): void {
    if (this.#newer === 'there') for (const [at, { data }] of this.#here.entries()) this.placed[at]?.readInto(data);
    this.#newer = 'here';
  }

  toDevice(): void {
    if (this.#newer === 'here') for (const [at, { data }] of this.#here.entries()) this.placed[at]?.write(data);
    if (this.#newer === 'here') this.#newer = 'none';
  }

  /** A run has written those on the device. */
  changed(): void {
    this.#newer = 'there';
  }

  /** Frees the memory of the device; they stay here. */
  release(): void {
    this.toHere();
    for (const { held } of this.placed) held.release();
  }
}
