import { createHash } from 'node:crypto';
import type { BatchPlan } from '../../core/batch/batch-plan.ts';

/** Names a job by all that its results depend on: the place and content of its input, the model's version and what that holds, and the settings. */
export function jobId(
  place: string,
  { model, version, digest, file, format, settings }: Omit<BatchPlan, 'job' | 'rows' | 'shards' | 'startedAt'>,
): string {
  return createHash('sha256')
    .update(JSON.stringify([place, file, model, version, digest, format, settings]))
    .digest('hex')
    .slice(0, 16);
}
