import type { ObjectStore } from './object-store.ts';

/** What a host has for batch jobs that are asked for by requests. */
export interface BatchHost {
  /** Where inputs, jobs and results are. */
  readonly data: ObjectStore;
  /** What keys of results begin with; it ends in '/'. */
  readonly resultPrefix: string;
  /** Bytes of a file that may be uploaded in a request. */
  readonly maxFileBytes: number;
  /** Has a job begin, soon, by its id. */
  begin(job: string): Promise<void>;
  /** Whether a job that is not over would fail without the file of this key. */
  needs(key: string): boolean;
  /** A URL by which a file can be had for a while; undefined where files are sent in answers. */
  link(key: string): Promise<string | undefined>;
}

/** Opens what a host has, at the first call; nothing of it is loaded before. */
export type BatchAccess = () => Promise<BatchHost>;
