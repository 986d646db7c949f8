import { CutError } from '../core/cut-error.ts';

/**
 * Calls that are to hear of it when the server is about to cut what it has not answered. No signal that all of them
 * listen to: each that comes and goes would walk the list of all others.
 */
export class UnansweredCalls {
  readonly #calls = new Set<AbortController>();
  #reason: CutError | undefined;

  /** How many would hear of it. */
  get count(): number {
    return this.#calls.size;
  }

  /** Aborts `call` when the server cuts it, at once where it has. `remove` is to follow. */
  add(call: AbortController): void {
    if (this.#reason) call.abort(this.#reason);
    else this.#calls.add(call);
  }

  /** It is answered, or its caller has gone. */
  remove(call: AbortController): void {
    this.#calls.delete(call);
  }

  /** Aborts all that wait, and what comes from now on, with what their callers are told. */
  cut(): void {
    this.#reason = new CutError();
    for (const call of this.#calls) call.abort(this.#reason);
    this.#calls.clear();
  }
}
