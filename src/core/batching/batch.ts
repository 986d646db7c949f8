import type { WaitingRequest } from './waiting-request.ts';

/**
 * Why a run has no more requests: nothing else waits; what waits differs in shapes or outputs; the request can share
 * none; it has maxBatchSize rows, or one of the preferred sizes; it will take long enough; the rest is for the runs
 * that end next.
 */
export type Closed =
  | 'nothing-waits'
  | 'unlike'
  | 'alone'
  | 'max-batch-size'
  | 'preferred-size'
  | 'long-enough'
  | 'fair-share';

/** Requests that share a run, one's rows after another's. */
export interface Batch {
  readonly requests: readonly WaitingRequest[];
  /** Of all of them. */
  readonly rows: number;
  /** Of all inputs of the run, what is padded among them. */
  readonly bytes: number;
  readonly closed: Closed;
}
