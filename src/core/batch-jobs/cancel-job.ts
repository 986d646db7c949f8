import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { reportFile } from '../batch/finish-job.ts';
import { readJson } from '../batch/read-json.ts';
import { writeJson } from '../batch/write-json.ts';
import { cancelFile } from './cancel-file.ts';

/**
 * Asks a job to stop; `output` has its files. Rejects with ServiceError 409 for one that is over, which `words` call
 * it.
 */
export async function cancelJob(output: ObjectStore, words: string, at: Date): Promise<void> {
  const report = await readJson<BatchReport>(output, reportFile);
  if (report) throw new ServiceError(409, `the ${words} is over: it is ${report.status}`);
  await writeJson(output, cancelFile, { at: at.toISOString() });
}
