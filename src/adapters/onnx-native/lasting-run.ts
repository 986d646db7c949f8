import type { SessionOutput } from '../../ports/session.ts';
import type { Memory, Pointer } from './native-types.ts';
import type { SessionRun } from './session-run.ts';

/** A run of the same memory each time, one after the other: its values are made once, and stay until `end`. */
export class LastingRun implements SessionRun {
  readonly #run: SessionRun;
  #isFed = false;

  constructor(run: SessionRun) {
    this.#run = run;
  }

  feed(): void {
    if (!this.#isFed) this.#run.feed(false);
    this.#isFed = true;
  }

  call(): Pointer | null {
    return this.#run.call();
  }

  callAsync(options: Memory): Promise<Pointer | null> {
    return this.#run.callAsync(options);
  }

  outputs(): readonly SessionOutput[] {
    return this.#run.outputs();
  }

  /** It is run again. */
  release(): void {}

  end(): void {
    this.#run.release();
  }
}
