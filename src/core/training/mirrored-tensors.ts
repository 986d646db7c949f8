import type { PlacedTensor } from '../../ports/session.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/** Tensors that lie here and in the memory of a device: what was written last counts, and is copied to the other side once that is asked for. */
export class MirroredTensors {
  /** As runs take them: `toDevice` before, `changed` where they were written. */
  readonly placed: ReadonlyMap<string, PlacedTensor>;
  readonly #here: ReadonlyMap<string, FixedTensor>;
  #newer: 'here' | 'there' | 'none' = 'here';

  /** @param tensors of memory that may be written to */
  constructor(tensors: ReadonlyMap<string, FixedTensor>, place: (like: FixedTensor) => PlacedTensor) {
    this.#here = tensors;
    this.placed = new Map(Array.from(tensors, ([name, tensor]) => [name, place(tensor)]));
  }

  /** They as they are now, which may be written to until the next `toDevice`. */
  here(): ReadonlyMap<string, FixedTensor> {
    if (this.#newer === 'there') for (const [name, { data }] of this.#here) this.placed.get(name)?.readInto(data);
    this.#newer = 'here';
    return this.#here;
  }

  toDevice(): void {
    if (this.#newer === 'here') for (const [name, { data }] of this.#here) this.placed.get(name)?.write(data);
    if (this.#newer === 'here') this.#newer = 'none';
  }

  /** A run has written those on the device. */
  changed(): void {
    this.#newer = 'there';
  }

  /** Frees the memory of the device; they stay here. */
  release(): void {
    this.here();
    for (const { held } of this.placed.values()) held.release();
  }
}
