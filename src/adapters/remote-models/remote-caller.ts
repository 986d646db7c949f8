import type { Run, SessionOutput } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** A model as one protocol asks for it. Its failures are ServiceErrors: 503 and 429 where another try may help. */
export interface RemoteCaller {
  /** What the model takes and gives. */
  describe(
    signal: AbortSignal,
  ): Promise<{ readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] }>;
  infer(run: Run, signal: AbortSignal): Promise<readonly SessionOutput[]>;
}
