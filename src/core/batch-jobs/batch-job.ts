import type { StoredFile } from '../../ports/object-store.ts';

/** A job over a file of the data store, from before it is planned: what `jobs/<id>.json` holds. */
export interface BatchJob {
  readonly id: string;
  /** Where its results go, with '/' at the end. */
  readonly folder: string;
  /** When its input was stored, in seconds since 1970. */
  readonly createdAt: number;
  readonly input: StoredFile;
}
