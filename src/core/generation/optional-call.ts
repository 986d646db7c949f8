import type { TokenConstraint } from '../../ports/token-constraint.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { callMark } from './call-mark.ts';
import { isInMask } from './is-in-mask.ts';

/** Tokens that there may be before a call: a mark, and space around it. */
export const mostBeforeCall = 4;

/** Holds a text to a call's grammar where the model begins a call, behind a mark or not; any other text is free. */
export class OptionalCall implements TokenConstraint {
  readonly #call: TokenConstraint;
  readonly #tokenizer: Tokenizer;
  #isCall: boolean | undefined;
  #before = 0;

  /** `call`: the grammar, which this releases. */
  constructor(call: TokenConstraint, tokenizer: Tokenizer) {
    this.#call = call;
    this.#tokenizer = tokenizer;
  }

  /** Undefined: not known yet. */
  get isCall(): boolean | undefined {
    return this.#isCall;
  }

  prepare(): Promise<void> | undefined {
    return this.#isCall === false ? undefined : this.#call.prepare?.();
  }

  allowed(): Uint32Array | undefined {
    return this.#isCall ? this.#call.allowed() : undefined;
  }

  accept(token: number): void {
    if (this.#isCall === undefined) {
      const text = this.#tokenizer.decode([token]).trim();
      this.#before += 1;
      if ((text === '' || text === callMark) && this.#before <= mostBeforeCall) return;
      this.#isCall = isInMask(this.#call.allowed(), token);
    }
    if (this.#isCall) this.#call.accept(token);
  }

  release(): void {
    this.#call.release();
  }
}
