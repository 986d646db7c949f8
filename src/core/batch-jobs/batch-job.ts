import type { StoredFile } from '../../ports/object-store.ts';

/** A job over a file of the data store, from before it is planned: what `jobs/<id>.json` holds. */
export interface BatchJob {
  readonly id: string;
  /** Where its results go, with '/' at the end. */
  readonly folder: string;
  /** When it was asked for, in seconds since 1970. */
  readonly createdAt: number;
  readonly input: StoredFile;
  /** Name of the caller who asked for it; absent where nobody was asked for a key. */
  readonly owner?: string;
  /** What was asked, where each line of the input is a request; else the input's key names the model to run. */
  readonly requests?: RequestsJob;
}

/** What `POST /v1/batches` asked for. */
export interface RequestsJob {
  readonly inputFile: string;
  readonly endpoint: string;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | null;
}
