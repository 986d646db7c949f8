import type { FoundJob } from '../../core/batch-jobs/batch-desk.ts';
import type { JobState } from '../../core/batch-jobs/job-state.ts';
import { unixSeconds } from '../unix-seconds.ts';
import type { OpenAiObject } from './openai-object.ts';

/** A job as OpenAI's Batch API shows it. A job of an upload has the endpoint that its key names, as far as it does. */
export function batchObject({ job, state }: FoundJob): OpenAiObject {
  const { id, createdAt, requests, input } = job;
  const { status, records, answered, failed } = state;
  return {
    id,
    object: 'batch',
    endpoint: requests?.endpoint ?? `/v2/models/${state.report?.model ?? modelOf(input.key)}/infer`,
    errors: errorsOf(state),
    input_file_id: requests?.inputFile ?? `file-${id}-input`,
    completion_window: requests?.completionWindow ?? '24h',
    status,
    output_file_id: state.report && answered > 0 ? `file-${id}-output` : null,
    error_file_id: state.report && failed > 0 ? `file-${id}-errors` : null,
    created_at: createdAt,
    ...times(state),
    request_counts: { total: records, completed: answered, failed },
    metadata: requests?.metadata ?? null,
  };
}

/** When it was begun, and when it ended, in seconds since 1970, each under the name that OpenAI has for it. */
function times({ plan, report }: JobState): Record<string, number> {
  const begun = (report ?? plan)?.startedAt;
  return {
    ...(begun !== undefined && { in_progress_at: unixSeconds(begun) }),
    ...(report && { [`${report.status}_at`]: unixSeconds(report.finishedAt) }),
  };
}

function modelOf(key: string): string {
  return key.split('/').at(1)?.split('@')[0] ?? '';
}

function errorsOf({ status, report }: JobState): object | null {
  if (status !== 'failed' || report?.reason === undefined) return null;
  return { object: 'list', data: [{ code: 'batch_failed', message: report.reason, param: null, line: null }] };
}
