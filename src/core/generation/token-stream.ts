import { cancelledRequest } from '../cancelled-request.ts';
import { endedBy } from '../ended-by.ts';
import type { Sequence } from './sequence.ts';
import { TokenGenerator, type TokenResult } from './token-generator.ts';

interface Work {
  /** Throws where it cannot be done. */
  begin(): void;
  leave(): void;
}

/** The tokens of a sequence for its caller: work begins with the first call of `next`, and ends at once with `return`, or by the signal. */
export class TokenStream extends TokenGenerator {
  readonly #sequence: Sequence;
  readonly #signal: AbortSignal;
  readonly #work: Work;
  readonly #cancel: () => void;
  #hasBegun = false;

  constructor(sequence: Sequence, signal: AbortSignal, work: Work) {
    super();
    this.#sequence = sequence;
    this.#signal = signal;
    this.#work = work;
    this.#cancel = () => {
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
      if (result.done || result.value.finish) this.#unlisten();
      return result;
    } catch (error) {
      this.#unlisten();
      throw error;
    }
  }

  override async return(): Promise<TokenResult> {
    this.#unlisten();
    this.#hasBegun = true;
    this.#work.leave();
    return { done: true, value: undefined };
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
