import type { SessionOutput } from '../../ports/session.ts';
import type { Memory, Pointer } from './native-types.ts';

/**
 * One run of a session, which owns its values and every buffer they point into until `release`.
 *
 * Call `feed`, then `call` or `callAsync` and wait for it, then `outputs`; and `release` however it went.
 */
export interface SessionRun {
  /** Makes the inputs' values, and with `placeOutputs` those of outputs whose shapes are known. */
  feed(placeOutputs: boolean): void;
  /** Runs on this thread. */
  call(): Pointer | null;
  /** Runs on another thread. The run must be kept until the promise settles: its callback holds it. */
  callAsync(options: Memory): Promise<Pointer | null>;
  outputs(): readonly SessionOutput[];
  release(): void;
}
