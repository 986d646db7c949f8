import type { FoundModelJob } from '../../core/model-jobs/model-job-desk.ts';
import type { OpenAiObject } from '../batches/openai-object.ts';
import { unixSeconds } from '../unix-seconds.ts';

/** A job as `/v1/jobs` shows it; times in seconds since 1970. */
export function jobObject({ job, state }: FoundModelJob): OpenAiObject {
  const { id, kind, model, source, options, createdAt } = job;
  const { status, start, progress, report } = state;
  return {
    id,
    object: 'model.job',
    kind,
    model,
    source: source ?? null,
    options,
    status,
    created_at: createdAt,
    started_at: start ? unixSeconds(start.at) : null,
    finished_at: report ? unixSeconds(report.finishedAt) : null,
    progress: progress ?? null,
    versions: report?.versions ?? [],
    error: report?.reason === undefined ? null : { code: `job_${report.status}`, message: report.reason },
    result: report?.result ?? null,
  };
}
