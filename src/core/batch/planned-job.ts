import type { StoredFile } from '../../ports/object-store.ts';
import type { Shard } from '../../ports/record-format.ts';
import type { LambdaUse } from './lambda-use.ts';

/** What is settled of any job before its first shard. */
export interface PlannedJob {
  /** Tells the job from every other: by the file's content, the model and the settings. */
  readonly job: string;
  /** Absent where each record names its own. */
  readonly model?: string;
  readonly version?: number;
  /** Of what the version's files are, as their store tells it. */
  readonly digest?: string;
  readonly file: StoredFile;
  readonly settings: {
    /** Records without an answer past which the job is ended as failed. */
    readonly maxFailedRecords: number;
  };
  readonly shards: readonly Shard[];
  /** When planning began, in ISO 8601. */
  readonly startedAt: string;
  /** What planning took, where it was an invocation of a function. */
  readonly lambda?: LambdaUse;
}
