import { rowNumber } from './row-number.ts';

const mostShown = 5;

/** Collects rows that nothing can be learned from, to tell them together. */
export class BadRows {
  readonly #label: string;
  readonly #shown: string[] = [];
  readonly #advice: Set<string>;
  #count = 0;

  /**
   * @param label what the rows are of
   * @param advice what to do with any of them, but to mend them or to leave them out
   */
  constructor(label: string, ...advice: readonly string[]) {
    this.#label = label;
    this.#advice = new Set(advice);
  }

  /**
   * @param row from 0 on
   * @param advice what to do with such a one
   */
  add(row: number, what: string, advice?: string): void {
    this.#count += 1;
    if (advice !== undefined) this.#advice.add(advice);
    if (this.#shown.length < mostShown) this.#shown.push(`row ${rowNumber(row)}: ${what}`);
  }

  /** Throws an Error that names the first of them, and says how many there are. */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const others = this.#count - this.#shown.length;
    const more = others > 0 ? `; and ${others} more` : '';
    const rows = this.#count === 1 ? 'a row' : `${this.#count} rows`;
    const them = this.#count === 1 ? 'it' : 'them';
    const advice = [`mend ${them}`, `leave ${them} out`, ...this.#advice];
    const words = `${advice.slice(0, -1).join(', ')}, or ${advice.at(-1)}`;
    throw new Error(`${this.#label}: ${rows} cannot be learned from (${words}): ${this.#shown.join('; ')}${more}`);
  }
}
