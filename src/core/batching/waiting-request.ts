import type { Run, Session, SessionOutput } from '../../ports/session.ts';
import type { InferenceContext } from '../inference-context.ts';

/** A request whose run has not begun. */
export interface WaitingRequest {
  readonly session: Session;
  readonly run: Run;
  readonly context: InferenceContext;
  /** Inferences: rows, where the first dimension is that of rows, else 1; 0 of one that has no rows. */
  readonly rows: number;
  /** Of all inputs. */
  readonly bytes: number;
  /** Whether its run is shorter than a hop to another thread. */
  readonly isShort: boolean;
  /** 1 is served first. */
  readonly priority: number;
  readonly queuedMs: number;
  /** Whether others may be in its run. */
  canShare: boolean;
  /** Whether it was in a run that failed for several. */
  isRetry: boolean;
  resolve(outputs: readonly SessionOutput[]): void;
  reject(error: unknown): void;
}
