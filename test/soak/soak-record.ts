/** What became of the calls of a soak. */
export class SoakRecord {
  readonly #counts = new Map<string, number>();
  readonly failures: string[] = [];

  count(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  fail(reason: string): void {
    this.count('wrong');
    // The first tell enough.
    if (this.failures.length < 10) this.failures.push(reason);
  }

  /** How often it came to `outcome`. */
  of(outcome: string): number {
    return this.#counts.get(outcome) ?? 0;
  }

  toString(): string {
    return [...this.#counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  }
}
