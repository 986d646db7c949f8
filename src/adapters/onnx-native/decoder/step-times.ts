const remembered = 4;

/** How long the last steps of a decoder took, by sequences in them. */
export class StepTimes {
  readonly #times = new Map<number, Float64Array>();

  took(sequences: number, ms: number): void {
    const times = this.#times.get(sequences) ?? new Float64Array(remembered).fill(Number.POSITIVE_INFINITY);
    times.copyWithin(1, 0);
    times[0] = ms;
    this.#times.set(sequences, times);
  }

  /**
   * The quickest of the last few; infinity before there was one. The first behind a prompt take several times as long
   * as the others.
   */
  quickestMs(sequences: number): number {
    return Math.min(...(this.#times.get(sequences) ?? []));
  }
}
