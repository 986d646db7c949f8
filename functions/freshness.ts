import type { Clock } from '../src/ports/clock.ts';

export interface FreshnessOptions {
  /** How old what is known may be. */
  readonly refreshMs: number;
  /** How long a request waits for a look while it could be answered with what is known. */
  readonly patienceMs: number;
}

/**
 * Looks at the store again where the last look began too long ago: on a request, as nothing runs between them.
 *
 * A look that fails, or takes long, does not keep requests from what is known: they wait for it for `patienceMs`, and
 * the next look comes after `refreshMs`.
 */
export class Freshness {
  readonly #refresh: () => Promise<void>;
  readonly #clock: Clock;
  readonly #options: FreshnessOptions;
  #begunAtMs = Number.NEGATIVE_INFINITY;
  #isKnown = false;
  #looking: Promise<void> | undefined;

  constructor(refresh: () => Promise<void>, clock: Clock, options: FreshnessOptions) {
    this.#refresh = refresh;
    this.#clock = clock;
    this.#options = options;
  }

  /**
   * Resolves once what is known is fresh enough, or the patience is over. Rejects only where the store was never read.
   */
  async ensure(): Promise<void> {
    const looking = this.#look();
    if (!looking) return;
    if (!this.#isKnown) return looking;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#options.patienceMs);
    });
    await Promise.race([looking.catch(() => undefined), patience]);
    clearTimeout(timer);
  }

  /**
   * Resolves once what is known is fresh and all that it calls for is loaded. Rejects where the store cannot be read.
   */
  async complete(): Promise<void> {
    await this.#look();
  }

  /** The look under way, one that begins where it is time, or nothing. */
  #look(): Promise<void> | undefined {
    const isDue = !this.#isKnown || this.#clock.now() - this.#begunAtMs >= this.#options.refreshMs;
    if (!this.#looking && isDue) {
      this.#begunAtMs = this.#clock.now();
      this.#looking = this.#refresh()
        .then(() => {
          this.#isKnown = true;
        })
        .finally(() => {
          this.#looking = undefined;
        });
    }
    return this.#looking;
  }
}
