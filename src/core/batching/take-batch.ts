import type { Batch, Closed } from './batch.ts';
import { BatchSize } from './batch-size.ts';
import { canShareRun } from './can-share-run.ts';
import type { Padding } from './padding.ts';
import type { WaitingRequest } from './waiting-request.ts';

/** What requests that share a run have in all at most; one alone may have more. */
export interface BatchLimits {
  readonly rows: number;
  /** Rows that leave their share to other runs. */
  readonly fairRows: number;
  readonly bytes: number;
  readonly preferredRows: readonly number[];
}

/**
 * The first of those that wait, and the others in their order that can share its run, as far as the limits go. Where a
 * preferred number of rows was passed on the way, the largest of them. Undefined where nothing waits.
 */
export function takeBatch(waiting: Iterable<WaitingRequest>, limits: BatchLimits, padding: Padding): Batch | undefined {
  const requests: WaitingRequest[] = [];
  let size: BatchSize | undefined;
  let preferred: Batch | undefined;
  let closed: Closed = 'nothing-waits';
  for (const request of waiting) {
    const [first] = requests;
    if (first && size) {
      const larger = sizeWith(request, first, size, limits, padding);
      if (!(larger instanceof BatchSize)) {
        closed = larger;
        // Others behind what is unlike may be alike.
        if (larger === 'unlike') continue;
        break;
      }
      size = larger;
    } else {
      size = BatchSize.of(request, padding);
    }
    requests.push(request);
    if (limits.preferredRows.includes(size.rows)) {
      preferred = { requests: [...requests], rows: size.rows, bytes: size.bytes, closed: 'preferred-size' };
    }
  }
  return preferred ?? (size && { requests, rows: size.rows, bytes: size.bytes, closed });
}

/** What a run of `size` has with one more request, or why it cannot have it. What is unlike is in nobody's way. */
function sizeWith(
  request: WaitingRequest,
  first: WaitingRequest,
  size: BatchSize,
  limits: BatchLimits,
  padding: Padding,
): BatchSize | Closed {
  if (!first.canShare) return 'alone';
  const full = whyFull(size.rows + 1, size.bytes, limits);
  if (full) return full;
  if (!canShareRun(first, request, padding)) return 'unlike';
  const larger = size.with(request);
  return larger.isWasteful ? 'unlike' : (whyFull(larger.rows, larger.bytes, limits) ?? larger);
}

function whyFull(rows: number, bytes: number, limits: BatchLimits): Closed | undefined {
  if (rows > limits.rows) return 'max-batch-size';
  if (bytes > limits.bytes) return 'long-enough';
  return rows > limits.fairRows ? 'fair-share' : undefined;
}
