import type { ObjectStore } from '../../ports/object-store.ts';
import { reportFile } from '../batch/finish-job.ts';
import { cancelFile } from './cancel-file.ts';

/** Whether a job was cancelled, or has its report; `output` has its files. */
export async function isJobOver(output: ObjectStore): Promise<boolean> {
  return ((await output.find(cancelFile)) ?? (await output.find(reportFile))) !== undefined;
}
