/**
 * Steps that have to be seen before it is said how long they take: one may only have waited for its turn on the
 * processor.
 */
const leastSteps = 3;
/** Steps after which what was seen counts no more: sequences become longer, and steps with them. */
const longestKnown = 1024;

interface Seen {
  /** The number of the first of them, among all steps. */
  readonly first: number;
  count: number;
  /** How long the quickest took. */
  ms: number;
}

/** Learns how long a step of a decoder takes for so many sequences. */
export class StepCost {
  readonly #seen = new Map<number, Seen>();
  #steps = 0;

  observe(sequences: number, ms: number): void {
    this.#steps += 1;
    const seen = this.#current(sequences) ?? { first: this.#steps, count: 0, ms };
    seen.count += 1;
    seen.ms = Math.min(seen.ms, ms);
    this.#seen.set(sequences, seen);
  }

  /** For each of so many sequences that share a step; undefined where it is not known, or not any more. */
  msForEach(sequences: number): number | undefined {
    const seen = this.#current(sequences);
    return seen && seen.count >= leastSteps ? seen.ms / sequences : undefined;
  }

  #current(sequences: number): Seen | undefined {
    const seen = this.#seen.get(sequences);
    return seen && this.#steps - seen.first < longestKnown ? seen : undefined;
  }
}
