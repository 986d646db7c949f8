import type { JobHost } from '../../ports/job-host.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { usualTarget, usualTargets } from '../training/usual-target.ts';
import type { ModelJob } from './model-job.ts';

/**
 * Tells of a training at once that neither the request nor the columns of its rows say what is to be told, which would
 * else be the reason of a job that failed. Rejects with ServiceError 400 that names `field`.
 */
export async function checkTarget(
  host: Pick<JobHost, 'columnsOf'>,
  { kind, options: { data, target } }: JobRequest,
  inputs: ModelJob['inputs'],
  field: string,
): Promise<void> {
  const file = inputs[String(data)];
  if (kind !== 'train' || target !== undefined || !file) return;
  const columns = await host.columnsOf(file, file.filename);
  if (usualTarget(columns) !== undefined) return;
  throw new ServiceError(
    400,
    `field '${field}': expected the column that is to be told, as '${file.filename}' has none of the columns ${usualTargets.join(', ')}; it has ${columns.map((name) => `'${name}'`).join(', ') || 'none'}`,
    { field },
  );
}
