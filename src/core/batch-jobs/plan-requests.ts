import type { ObjectStore } from '../../ports/object-store.ts';
import type { RecordFormat } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { LambdaUse } from '../batch/lambda-use.ts';
import type { PlannedJob } from '../batch/planned-job.ts';
import { readJson } from '../batch/read-json.ts';
import { settleJson } from '../batch/settle-json.ts';
import { planFile } from '../batch/work-files.ts';
import type { BatchJob } from './batch-job.ts';
import { checkCustomIds } from './check-custom-ids.ts';
import { requestFields } from './request-item.ts';

// Small, as a request may take any time: a shard has to end long before a function does, and callers who ask how many are
// answered are told of whole ones.
const shardBytes = 128 * 1024;
const mostRequests = 50_000;

export interface PlanBegin extends Pick<PlannedJob, 'startedAt'> {
  /** Tells what the invocation that plans has taken; absent where there is none. */
  readonly lambda?: () => LambdaUse;
}

/**
 * Settles a job of requests, once. Rejects with ServiceError 400 where there are none, too many, or two of one
 * `custom_id`.
 */
export async function planRequests(
  { id, input: file }: BatchJob,
  format: RecordFormat,
  input: ObjectStore,
  output: ObjectStore,
  { startedAt, lambda }: PlanBegin,
): Promise<PlannedJob> {
  const before = await readJson<PlannedJob>(output, planFile);
  if (before) return before;
  const shards = await format.plan(input, file, shardBytes, requestFields);
  const requests = shards.reduce((sum, { records }) => sum + records, 0);
  if (requests === 0) throw new ServiceError(400, 'the input file has no requests: write one a line');
  if (requests > mostRequests) {
    throw new ServiceError(
      400,
      `the input file has ${requests} requests, more than the ${mostRequests} of one batch; split it`,
    );
  }
  await checkCustomIds(format, input, file, shards);
  const plan: PlannedJob = {
    job: id,
    file,
    settings: { maxFailedRecords: 2 ** 50 },
    shards,
    startedAt,
    ...(lambda && { lambda: lambda() }),
  };
  return settleJson(output, planFile, plan);
}
