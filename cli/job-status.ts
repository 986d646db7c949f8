/** How far a batch job is, wherever it runs; `batch status --json` prints it. */
export interface JobStatus {
  readonly job: string;
  readonly status: string;
  readonly model?: string;
  readonly version?: number;
  /** Records in the input; 0 until they are counted. */
  readonly records: number;
  readonly answered: number;
  readonly failed: number;
  /** Why it did not complete. */
  readonly reason?: string;
  /** ISO 8601; absent before it was planned. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** The folder of its results. */
  readonly results?: string;
  /** Ids of files, of a job that was asked of a server. */
  readonly outputFile?: string;
  readonly errorFile?: string;
}
