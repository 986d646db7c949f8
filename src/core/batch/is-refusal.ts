import type { BatchReport } from './batch-report.ts';

/** Whether a report is of a job that was refused before it was planned: of one that was planned it counts records. */
export function isRefusal({ records }: BatchReport): boolean {
  return records === 0;
}
