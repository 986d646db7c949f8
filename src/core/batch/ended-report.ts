import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from './batch-report.ts';
import { reportFile } from './finish-job.ts';
import { readJson } from './read-json.ts';
import { removeWork } from './remove-work.ts';

/**
 * The report of a job that has ended; undefined for one that has not. Whoever wrote it may have been cut off before the
 * work files went: they go.
 */
export async function endedReport(output: ObjectStore): Promise<BatchReport | undefined> {
  const report = await readJson<BatchReport>(output, reportFile);
  if (report) await removeWork(output);
  return report;
}
