/** Looks at the store again where the last look is too long ago: on a request, as nothing runs between them. */
export class Freshness {
  readonly #refresh: () => Promise<void>;
  readonly #refreshMs: number;
  #looked = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(refresh: () => Promise<void>, refreshMs: number) {
    this.#refresh = refresh;
    this.#refreshMs = refreshMs;
  }

  /** Begins to look, without waiting; a failure is met by `ensure`. */
  begin(): void {
    this.#look().catch(() => undefined);
  }

  /** Resolves once what is known is fresh enough. Rejects only where the store was never read. */
  async ensure(): Promise<void> {
    if (performance.now() - this.#looked < this.#refreshMs) return;
    const isFirst = this.#looked === Number.NEGATIVE_INFINITY;
    try {
      await this.#look();
    } catch (error) {
      // What is known goes on serving; the next request looks again.
      if (isFirst) throw error;
    }
  }

  #look(): Promise<void> {
    this.#looking ??= this.#refresh()
      .then(() => {
        this.#looked = performance.now();
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }
}
