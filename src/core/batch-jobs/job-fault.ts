import { workFolder } from '../batch/work-files.ts';

/** Why a try of a step failed; for callers to read. */
export interface JobFault {
  readonly reason: string;
}

/** Where, among a job's files, it is told why planning it, or a shard, failed. */
export function faultFile(step: 'plan' | number): string {
  return `${workFolder}fault-${step}.json`;
}
