import type { Clock } from '../../ports/clock.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import type { ModelStatistics } from '../model-statistics.ts';
import { TokenGenerator, type TokenResult } from './token-generator.ts';
import type { TokenStream } from './token-stream.ts';

/** Tokens of a version that is kept loaded until `release` is called. */
export interface Held {
  readonly stream: TokenStream;
  release(): void;
}

/**
 * The tokens of a version that is loaded, if need be, with the first that is asked for, and kept loaded until there are
 * no more or the caller leaves. It counts in the version's statistics: as a success once a token was taken and nothing
 * failed.
 */
export class HeldGeneration extends TokenGenerator {
  readonly #open: () => Promise<Held>;
  readonly #abandon: () => void;
  readonly #statistics: ModelStatistics;
  readonly #clock: Clock;
  #opening: Promise<Held> | undefined;
  #held: Held | undefined;
  #startedMs = 0;
  #loadMs = 0;
  #tokens = 0;
  #hasEnded = false;

  /** @param abandon called where it ends without having been opened */
  constructor(open: () => Promise<Held>, abandon: () => void, statistics: ModelStatistics, clock: Clock) {
    super();
    this.#open = open;
    this.#abandon = abandon;
    this.#statistics = statistics;
    this.#clock = clock;
  }

  override async next(): Promise<TokenResult> {
    if (this.#hasEnded) return { done: true, value: undefined };
    try {
      this.#opening ??= this.#begin();
      const { stream } = await this.#opening;
      const result = await stream.next();
      if (!result.done) this.#tokens += 1;
      if (result.done || result.value.finish) this.#end();
      return result;
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  override async return(): Promise<TokenResult> {
    this.#end(this.#tokens > 0 ? undefined : cancelledRequest());
    return { done: true, value: undefined };
  }

  async #begin(): Promise<Held> {
    this.#startedMs = this.#clock.now();
    const held = await this.#open().catch((error) => {
      this.#abandon();
      throw error;
    });
    this.#loadMs = this.#clock.now() - this.#startedMs;
    if (this.#hasEnded) {
      // The caller left while it was loading.
      await held.stream.return();
      held.release();
    } else this.#held = held;
    return held;
  }

  #end(error?: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const held = this.#held;
    void held?.stream.return();
    held?.release();
    if (!this.#opening) {
      this.#abandon();
      return;
    }
    const ms = this.#clock.now() - this.#startedMs;
    if (error !== undefined) {
      this.#statistics.failed(ms, error);
      return;
    }
    const queueMs = held?.stream.queueMs ?? 0;
    const inferMs = ms - this.#loadMs - queueMs;
    this.#statistics.succeeded({ inputMs: 0, loadMs: this.#loadMs, queueMs, inferMs, outputMs: 0 }, 1);
  }
}
