const kept = 256;
const fewest = 50;
const between = 32;
const quantile = 0.95;
/** A difference of less is none. */
const leastMs = 1;

/**
 * Above how many milliseconds a call counts as slow: the 95th percentile of the stable version's latest calls on this
 * host, times what is tolerated. It is known before the call that it is asked for, and the same for both versions, so
 * that under equal times it says nothing about which one a slow call was.
 */
export class SlowBound {
  readonly #ratio: number;
  readonly #times = new Float64Array(kept);
  #count = 0;
  #ms: number | undefined;

  constructor(ratio: number) {
    this.#ratio = ratio;
  }

  /** Undefined until enough calls of the stable version have been timed. */
  get ms(): number | undefined {
    return this.#ms;
  }

  /** Takes in the time of a call of the stable version. */
  add(ms: number): void {
    this.#times[this.#count % kept] = ms;
    this.#count += 1;
    if (this.#count < fewest || (this.#ms !== undefined && this.#count % between !== 0)) return;
    const sorted = this.#times.slice(0, Math.min(this.#count, kept)).sort();
    const usual = sorted[Math.floor(quantile * (sorted.length - 1))] as number;
    this.#ms = Math.max(usual * this.#ratio, usual + leastMs);
  }
}
