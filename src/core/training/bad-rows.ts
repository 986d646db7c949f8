import { rowNumber } from './row-number.ts';

const mostShown = 5;

/** Collects rows that nothing can be learned from, to tell them together. */
export class BadRows {
  readonly #label: string;
  readonly #shown: string[] = [];
  readonly #advice: string;
  #count = 0;

  /** @param label what the rows are of */
  constructor(label: string, advice = 'mend them, or leave them out') {
    this.#label = label;
    this.#advice = advice;
  }

  /** @param row from 0 on */
  add(row: number, what: string): void {
    this.#count += 1;
    if (this.#shown.length < mostShown) this.#shown.push(`row ${rowNumber(row)}: ${what}`);
  }

  /** Throws an Error that names the first of them, and says how many there are. */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const others = this.#count - this.#shown.length;
    const more = others > 0 ? `; and ${others} more` : '';
    const rows = this.#count === 1 ? 'a row' : `${this.#count} rows`;
    throw new Error(
      `${this.#label}: ${rows} cannot be learned from (${this.#advice}): ${this.#shown.join('; ')}${more}`,
    );
  }
}
