import type { ObjectStore } from '../../ports/object-store.ts';
import { reportFile } from '../batch/finish-job.ts';
import { tooManyFailedFile } from '../batch/stop-if-too-many-failed.ts';
import { cancelFile } from './cancel-file.ts';

/** Whether a job has its report, was cancelled, or stops as too many of its records failed; `output` has its files. */
export async function isJobOver(output: ObjectStore): Promise<boolean> {
  const found = await Promise.all([cancelFile, reportFile, tooManyFailedFile].map((name) => output.find(name)));
  return found.some((file) => file !== undefined);
}
