import { cancelledRequest } from '../cancelled-request.ts';
import { endedBy } from '../ended-by.ts';
import type { Sequence } from './sequence.ts';
import { TokenGenerator, type TokenResult } from './token-generator.ts';

interface Work {
  /** Throws where it cannot be done. */
  begin(): void;
  leave(): void;
  /**
   * The sequence has ended as it ought to: by itself, at its length, or as its caller had enough; with so many tokens
   * of an answer.
   */
  answered(tokens: number): void;
}

/**
 * The tokens of a sequence for its caller: work begins with the first call of `next`, and ends at once with `return`,
 * or by the signal.
 */
export class TokenStream extends TokenGenerator {
  readonly #sequence: Sequence;
  readonly #signal: AbortSignal;
  readonly #work: Work;
  readonly #cancel: () => void;
  #hasBegun = false;
  #tokens = 0;
  #isTold = false;

  constructor(sequence: Sequence, signal: AbortSignal, work: Work) {
    super();
    this.#sequence = sequence;
    this.#signal = signal;
    this.#work = work;
    this.#cancel = () => {
      this.#isTold = true;
      sequence.end(endedBy(signal, cancelledRequest()));
      void this.return();
    };
  }

  /** Milliseconds from when it was asked for to its first run; 0 where that did not begin. */
  get queueMs(): number {
    const { askedMs, beganMs = askedMs } = this.#sequence;
    return beganMs - askedMs;
  }

  override async next(): Promise<TokenResult> {
    if (!this.#hasBegun) this.#begin();
    try {
      const result = await this.#sequence.next();
      const { finish } = result.value ?? {};
      // A token that ends the text is no part of it.
      if (!result.done && finish !== 'stop') this.#tokens += 1;
      if (finish) this.#tell();
      if (result.done || finish) this.#unlisten();
      return result;
    } catch (error) {
      this.#isTold = true;
      this.#unlisten();
      throw error;
    }
  }

  override async return(): Promise<TokenResult> {
    this.#unlisten();
    this.#hasBegun = true;
    if (this.#tokens > 0) this.#tell();
    this.#work.leave();
    return { done: true, value: undefined };
  }

  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#work.answered(this.#tokens);
  }

  #begin(): void {
    this.#hasBegun = true;
    if (this.#signal.aborted) {
      this.#cancel();
      return;
    }
    this.#signal.addEventListener('abort', this.#cancel, { once: true });
    try {
      this.#work.begin();
    } catch (error) {
      this.#sequence.end(error);
      this.#unlisten();
    }
  }

  #unlisten(): void {
    this.#signal.removeEventListener('abort', this.#cancel);
  }
}
