import type { Run, Session, SessionOutput } from '../../src/ports/session.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';

/** A run that waits for a test to end it. */
export interface GatedRun {
  readonly run: Run;
  readonly signal: AbortSignal | undefined;
  /** Answers the first input. */
  end(): void;
  answer(outputs: readonly SessionOutput[]): void;
  fail(error: unknown): void;
}

/**
 * A session of long runs, which go on until a test ends them; those whose signal aborts end at once, unless they hang.
 */
export class GatedSession implements Session {
  readonly inputs = [];
  readonly outputs = [];
  readonly unservable = [];
  dimensionNames: Session['dimensionNames'];
  readonly runs: GatedRun[] = [];
  hangs = false;

  run(run: Run, signal?: AbortSignal): Promise<readonly SessionOutput[]> {
    return new Promise((resolve, reject) => {
      const end = () => resolve(run.outputNames.map(() => run.inputs[0] as FixedTensor));
      this.runs.push({ run, signal, end, answer: resolve, fail: reject });
      signal?.addEventListener('abort', () => {
        if (!this.hangs) reject(new ServiceError(504, 'the run was ended'));
      });
    });
  }

  async release(): Promise<void> {}
}
