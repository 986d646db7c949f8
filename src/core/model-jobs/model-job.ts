import type { JobRequest } from '../../ports/job-request.ts';
import type { StoredFile } from '../../ports/object-store.ts';
import type { FineTuning } from './fine-tuning.ts';

/** A job as it was taken: what `model-jobs/<id>.json` of the data store holds. */
export interface ModelJob extends JobRequest {
  readonly id: string;
  /** When it was asked for, in seconds since 1970. */
  readonly createdAt: number;
  /** Name of the caller who asked for it; absent where nobody was asked for a key, or an upload began it. */
  readonly owner?: string;
  /** Its files, by what the request calls them. */
  readonly inputs: Readonly<Record<string, JobInput>>;
  /** Of a job that was asked for as OpenAI's API has it. */
  readonly fineTuning?: FineTuning;
}

export interface JobInput extends StoredFile {
  /** As whoever uploaded it calls it: commands go by what it ends in. */
  readonly filename: string;
  /** What they go by where that is nothing. */
  readonly ending?: string;
}
