import type { ShardReport } from './shard-report.ts';

/** How many records of these shards have no answer. */
export function failedRecords(reports: readonly ShardReport[]): number {
  return reports.reduce((sum, { errors }) => sum + (errors?.records ?? 0), 0);
}
