import type { OpenSession, Run, Session, SessionOutput } from '../../src/ports/session.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

/** Opens sessions that give their input back; remembers what was opened and released, and fails where told to. */
export class FakeSessions {
  readonly opened: string[] = [];
  readonly released: string[] = [];
  readonly failing = new Set<string>();
  /** Runs wait for this where a test sets it. */
  gate: Promise<void> = Promise.resolve();
  /** Runs that have begun. */
  started = 0;
  /** Runs that have ended. */
  runs = 0;

  readonly open: OpenSession = async (path) => {
    this.opened.push(path);
    if (this.failing.has(path)) throw new Error('not an ONNX model');
    return this.#session(path);
  };

  #session(path: string): Session {
    return {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
      unservable: [{ name: 'z', reason: 'it is a sequence of tensors' }],
      run: async (run, signal) => {
        this.started += 1;
        await Promise.race([this.gate, aborted(signal)]);
        return this.#answer(run);
      },
      release: async () => {
        this.released.push(path);
      },
    };
  }

  #answer(run: Run): readonly SessionOutput[] {
    this.runs += 1;
    return run.outputNames.map(() => run.inputs[0] as SessionOutput);
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new ServiceError(504, 'cancelled')));
  });
}
