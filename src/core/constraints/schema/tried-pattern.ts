/** Characters of a pattern that is tried; longer ones would take too long before they are. */
const mostCharacters = 1_000;
/** What a character of a pattern takes at most before it is first tried, in bytes that are looked at. */
const compileWork = 200;
/** Characters that are tried in the time of a byte that is looked at. */
const triesPerWork = 500;

/**
 * A pattern that automata do not have, such as one with `\b` or `\p{L}`, for texts that a schema names. Without groups,
 * it is known how much a regular expression of JavaScript tries at most: each of the ways to give the characters of the
 * text to its repetitions.
 */
export class TriedPattern {
  /** What it takes before it is first tried, in bytes that are looked at. */
  readonly compileWork: number;
  readonly #expression: RegExp;
  readonly #repetitions: number;

  private constructor(expression: RegExp) {
    const { source } = expression;
    this.#expression = expression;
    this.compileWork = compileWork * source.length;
    const counts = source.replaceAll(/\\[pPu]\{[^}]*\}/g, '').match(/[*+?{]/g)?.length ?? 0;
    // It may begin anywhere, as if another repetition stood before it.
    this.#repetitions = source.startsWith('^') && !source.includes('|') ? counts : counts + 1;
  }

  /** Undefined for one that has groups, is long, or is wrong. */
  static of(pattern: string): TriedPattern | undefined {
    if (pattern.includes('(') || pattern.length > mostCharacters) return undefined;
    try {
      return new TriedPattern(new RegExp(pattern, 'u'));
    } catch {
      return undefined;
    }
  }

  /** What the text takes at most, in bytes that are looked at. */
  work(text: string): number {
    const ways = (text.length + 1) ** this.#repetitions;
    return Math.ceil((ways * this.#expression.source.length) / triesPerWork);
  }

  fits(text: string): boolean {
    return this.#expression.test(text);
  }
}
