import { StepCost } from './step-cost.ts';

/**
 * What smaller groups have to save of the time, at least: less may be chance, and caches that are parted have to be
 * moved.
 */
const leastSaving = 0.1;

/**
 * Says which sequences share the next step of a decoder, in rounds: in each, all that there are take one step.
 *
 * All share one, unless that takes longer than a step for each half of them does, by what such steps took. Then they
 * are halved, and halved again as long as that saves time, and the groups take turns.
 */
export class StepGroups<T> {
  readonly #canShare: boolean;
  readonly #cost = new StepCost();
  /** Those of this round that come next. */
  #left: readonly (readonly T[])[] = [];

  /** @param canShare sequences may share steps, else each takes them alone */
  constructor(canShare: boolean) {
    this.#canShare = canShare;
  }

  /** Those of the next step, of one at least; who has come since the round began is part of the next one. */
  next(sequences: readonly T[]): readonly T[] {
    for (;;) {
      const [group, ...left] = this.#left;
      this.#left = group ? left : this.#parted(sequences);
      const staying = group?.filter((sequence) => sequences.includes(sequence)) ?? [];
      if (staying.length > 0) return staying;
    }
  }

  /** Hears how long a step took. */
  took(sequences: number, ms: number): void {
    this.#cost.observe(sequences, ms);
  }

  #parted(sequences: readonly T[]): readonly (readonly T[])[] {
    const groups = Math.ceil(sequences.length / this.#mostTogether(sequences.length));
    const size = Math.ceil(sequences.length / groups);
    return Array.from({ length: groups }, (_, index) => sequences.slice(index * size, (index + 1) * size));
  }

  #mostTogether(sequences: number): number {
    if (!this.#canShare) return 1;
    for (let size = sequences; ; ) {
      const ms = this.#cost.msForEach(size);
      const half = Math.ceil(size / 2);
      if (ms === undefined || half === size) return size;
      // What is not known is tried.
      const halfMs = this.#cost.msForEach(half) ?? 0;
      if (halfMs >= (1 - leastSaving) * ms) return size;
      size = half;
    }
  }
}
