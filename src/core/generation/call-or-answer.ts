import type { TokenConstraint } from '../../ports/token-constraint.ts';
import type { CallPlace } from './call-place.ts';
import { isInMask } from './is-in-mask.ts';

/** Holds a text to the grammar of calls, or to that of other answers: to both as long as it may be of either. */
export class CallOrAnswer implements TokenConstraint {
  #call: TokenConstraint | undefined;
  #answer: TokenConstraint | undefined;

  /** Both are released by this. */
  constructor(call: TokenConstraint, answer: TokenConstraint) {
    this.#call = call;
    this.#answer = answer;
  }

  /** Undefined: it may be either yet. */
  get place(): CallPlace | undefined {
    if (this.#call && this.#answer) return undefined;
    return this.#call ? 'whole' : 'none';
  }

  async prepare(): Promise<void> {
    await this.#call?.prepare?.();
    await this.#answer?.prepare?.();
  }

  allowed(): Uint32Array | undefined {
    if (!this.#call || !this.#answer) return (this.#call ?? this.#answer)?.allowed();
    const ofCall = this.#call.allowed();
    const ofAnswer = this.#answer.allowed();
    return ofCall && ofAnswer && ofCall.map((word, index) => word | (ofAnswer[index] ?? 0));
  }

  accept(token: number): void {
    if (this.#call && this.#answer) {
      const isOfCall = isInMask(this.#call.allowed(), token);
      const isOfAnswer = isInMask(this.#answer.allowed(), token);
      if (!isOfAnswer && isOfCall) this.#answer = ended(this.#answer);
      if (!isOfCall) this.#call = ended(this.#call);
    }
    this.#call?.accept(token);
    this.#answer?.accept(token);
  }

  release(): void {
    this.#call?.release();
    this.#answer?.release();
  }
}

function ended(constraint: TokenConstraint): undefined {
  constraint.release();
}
