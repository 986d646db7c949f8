/** What a job needs until its report is there. */
export const workFolder = '.work/';

/** Where a job's plan is, in its folder. */
export const planFile = `${workFolder}plan.json`;

/**
 * Where the reports of shards are, each under the number of its shard, the checksum of its part, and how many records
 * have no answer.
 */
export const shardReportPrefix = `${workFolder}shard-`;

/**
 * Names, in a job's folder, of what one shard leaves: its part of the results, and what is merged into the job's own
 * files when all are done.
 */
export interface ShardFileNames {
  /** Without what it ends in. */
  readonly part: string;
  /** What the names of its reports begin with. */
  readonly reports: string;
  /** The report of the try whose part has this checksum, and that had no answer to so many records. */
  report(checksum: string, failed: number): string;
  /** The errors of that try. */
  errors(checksum: string): string;
}

export function shardFileNames(shard: number): ShardFileNames {
  const number = String(shard).padStart(5, '0');
  const reports = `${shardReportPrefix}${number}-`;
  return {
    part: `part-${number}`,
    reports,
    report: (checksum, failed) => `${reports}${checksum}-${failed}.json`,
    errors: (checksum) => `${workFolder}errors-${number}-${checksum}.jsonl`,
  };
}
