import type { JobRequest } from './job-request.ts';
import type { ObjectStore, StoredFile } from './object-store.ts';

/** What a host has for jobs that make models. */
export interface JobHost {
  /** Where their files are, what was asked for, and what became of it. */
  readonly data: ObjectStore;
  /** Bytes that the files of one job may have together. */
  readonly maxInputBytes: number;
  /** Reads what a request asks for. Rejects with ServiceError 400 that says what is wrong with it. */
  parse(body: unknown): Promise<JobRequest>;
  /**
   * The names of the columns of a file of rows, which goes by what `filename` ends in, or by `ending`. Rejects with
   * ServiceError 400 where it is none.
   */
  columnsOf(file: StoredFile, filename: string, ending?: string): Promise<readonly string[]>;
  /** Throws ServiceError 503 where no more jobs can wait. */
  checkRoom(): void;
  /** Has a job begin, soon, by its id. */
  begin(job: string): Promise<void>;
}

/** Opens what a host has, at the first call; nothing of it is loaded before. */
export type JobAccess = () => Promise<JobHost>;
