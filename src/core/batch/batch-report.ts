import type { StoredFile } from '../../ports/object-store.ts';
import type { CostEstimate } from './cost-estimate.ts';
import type { ResultFile } from './shard-report.ts';

/** `report.json`: what became of a job. Written last: its presence means that all else is there. */
export interface BatchReport {
  readonly job: string;
  /** `failed`: refused, or ended before all records were done; what was done is kept. */
  readonly status: 'completed' | 'failed' | 'cancelled';
  /** Why, where it was not completed. */
  readonly reason?: string;
  /** The service is at fault, not who asked: a step failed after all its tries, and someone has to look into it. */
  readonly isFault?: true;
  /** This, the version and its digest are absent where it was refused before they were settled. */
  readonly model?: string;
  readonly version?: number;
  /**
   * Tells the version's files from any others: of their names, lengths and ETags in a bucket, or times in a directory.
   */
  readonly digest?: string;
  readonly input: StoredFile;
  /** Records in the file; of one that was refused, 0. */
  readonly records: number;
  readonly answered: number;
  readonly failed: number;
  /** In the order of the input. */
  readonly parts: readonly ResultFile[];
  readonly errors?: ResultFile;
  /** When planning began, and when all else was there, in ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** From the one to the other. */
  readonly seconds: number;
  /** Time that the shards took, added up: what they cost, however many ran at once. */
  readonly workSeconds: number;
  /** Absent where it ran on a machine of one's own. */
  readonly cost?: CostEstimate;
}
