import type { JobStatus } from './job-status.ts';

/** A job as `/v1/batches` answers it, as far as it is needed here. */
export interface BatchAnswer {
  readonly id: string;
  readonly status: string;
  readonly request_counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly errors: { readonly data: readonly { readonly message: string }[] } | null;
  readonly in_progress_at?: number;
  readonly completed_at?: number;
  readonly failed_at?: number;
  readonly cancelled_at?: number;
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
}

/** How far a job is that a server tells of. */
export function statusOfBatch(batch: BatchAnswer): JobStatus {
  const { id, status, request_counts: counts, output_file_id: outputFile, error_file_id: errorFile } = batch;
  const [error] = batch.errors?.data ?? [];
  const started = batch.in_progress_at;
  const finished = batch.completed_at ?? batch.failed_at ?? batch.cancelled_at;
  return {
    job: id,
    status,
    records: counts.total,
    answered: counts.completed,
    failed: counts.failed,
    ...(error && { reason: error.message }),
    ...(started !== undefined && { startedAt: iso(started) }),
    ...(finished !== undefined && { finishedAt: iso(finished) }),
    ...(outputFile !== null && { outputFile }),
    ...(errorFile !== null && { errorFile }),
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
