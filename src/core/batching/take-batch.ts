import { canShareRun } from './can-share-run.ts';
import type { WaitingRequest } from './waiting-request.ts';

/** What requests that share a run have in all at most; one alone may have more. */
export interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** The first of those that wait, and the others in their order that can share its run, as far as the limits go. */
export function takeBatch(waiting: Iterable<WaitingRequest>, limits: BatchLimits): readonly WaitingRequest[] {
  const batch: WaitingRequest[] = [];
  let rows = 0;
  let bytes = 0;
  for (const request of waiting) {
    const [first] = batch;
    if (first) {
      if (!canShareRun(first, request)) continue;
      if (rows + request.rows > limits.rows || bytes + request.bytes > limits.bytes) break;
    }
    batch.push(request);
    rows += request.rows;
    bytes += request.bytes;
  }
  return batch;
}
