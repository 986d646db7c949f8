/** Reads a regular expression character by character. */
export class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  sees(character: string): boolean {
    return this.#characters[this.#at] === character;
  }

  /** Whether it is what comes next, which is then read. */
  take(character: string): boolean {
    const isNext = this.sees(character);
    if (isNext) this.#at += 1;
    return isNext;
  }

  /** The same of several characters: all of them, or none. */
  takeAll(characters: string): boolean {
    const isNext = Array.from(characters).every((each, index) => this.#characters[this.#at + index] === each);
    if (isNext) this.#at += characters.length;
    return isNext;
  }

  /** The code point of the next character. */
  next(): number {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new Error('ends too early');
    this.#at += 1;
    return character.codePointAt(0) ?? 0;
  }

  /** So many hexadecimal digits, as a number. */
  hex(digits: number): number {
    return Number.parseInt(this.#text(digits), 16);
  }

  /**
   * How often what was read may come: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,3}`, also with a `?`, which is the same here;
   * once where it says nothing.
   */
  quantifier(): readonly [number, number] {
    const bounds = this.#bounds();
    if (bounds === undefined) return [1, 1];
    this.take('?');
    return bounds;
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    if (!this.take('{')) return undefined;
    const least = this.#count();
    if (!this.take(',')) {
      this.take('}');
      return [least, least];
    }
    const most = this.sees('}') ? Number.POSITIVE_INFINITY : this.#count();
    this.take('}');
    return [least, most];
  }

  #count(): number {
    let digits = '';
    while (/^\d$/.test(this.#characters[this.#at] ?? '')) digits += this.#text(1);
    return Number(digits);
  }

  #text(length: number): string {
    const text = this.#characters.slice(this.#at, this.#at + length).join('');
    this.#at += length;
    return text;
  }
}
