import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { JobReport } from './job-report.ts';
import type { ModelJob } from './model-job.ts';

const noBytes = new Uint8Array(0);
const statuses = { completed: 200, refused: 422, cancelled: 499, failed: 500 };

/** A job as usage and the audit log have it: a call of whoever asked for it, which inferred nothing. */
export function jobCall(
  { id, model, owner }: ModelJob,
  { status, versions, seconds, reason }: JobReport,
): AnsweredCall {
  const [made] = versions;
  return {
    protocol: 'batch',
    method: 'Job',
    requestId: id,
    caller: owner,
    status: statuses[status],
    ms: 1000 * seconds,
    waitedMs: 0,
    ...(made ? { served: { ...made, items: 0 } } : { asked: model }),
    body: noBytes,
    answerBytes: 0,
    ...(reason !== undefined && { error: new Error(reason) }),
  };
}
