import type { LambdaUse } from './lambda-use.ts';

/** A file of the results. */
export interface ResultFile {
  /** Its name in the job's folder. */
  readonly file: string;
  readonly records: number;
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly checksum: string;
}

/** What became of a shard. */
export interface ShardReport {
  readonly index: number;
  readonly part: ResultFile;
  /** Absent where every record has one. */
  readonly errors?: ResultFile;
  readonly seconds: number;
  /** What it took, where that was an invocation of a function. */
  readonly lambda?: LambdaUse;
}
