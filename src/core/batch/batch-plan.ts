import type { PlannedJob } from './planned-job.ts';
import type { FieldMapping } from './record-layout.ts';

/** What a caller may say of a job. */
export interface BatchSettings {
  /** Fields of each record that go through to its line of output. */
  readonly kept: readonly string[];
  readonly mapping: FieldMapping;
  /** Outputs that are wanted; none: all. */
  readonly outputs: readonly string[];
  /** Records without an answer past which the job is ended as failed. */
  readonly maxFailedRecords: number;
  /** Between fields of CSV, where the file's name does not tell. */
  readonly separator?: string;
}

/** All that is settled before a job's first shard, so that whoever does a shard, and however often, does the same. */
export interface BatchPlan extends PlannedJob {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly format: string;
  readonly settings: BatchSettings;
  /** Records of a run. */
  readonly rows: number;
}
