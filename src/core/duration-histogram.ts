/** Upper bounds of the buckets, in seconds: from 0.125 ms to 66 s, each twice the one before. */
export const durationBounds: readonly number[] = Array.from({ length: 20 }, (_, index) => 2 ** index / 8000);

/** How many durations fell into each bucket; one more bucket takes those over the last bound. */
export class DurationHistogram {
  readonly #counts: number[] = new Array(durationBounds.length + 1).fill(0);

  add(ms: number): void {
    const bucket = Math.min(Math.max(Math.ceil(Math.log2(ms * 8)), 0), durationBounds.length);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** Of each bucket by itself, in the order of the bounds. */
  get counts(): readonly number[] {
    return this.#counts;
  }
}
