import type { BatchHost } from '../../ports/batch-host.ts';
import type { Caller } from '../../ports/caller.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { writeJson } from '../batch/write-json.ts';
import { BatchFiles } from './batch-files.ts';
import type { BatchJob, RequestsJob } from './batch-job.ts';
import { cancelJob } from './cancel-job.ts';
import { JobClaims } from './job-claims.ts';
import { JobFiles } from './job-files.ts';
import { jobName } from './job-name.ts';
import { jobPlaces } from './job-places.ts';
import { type JobState, jobState } from './job-state.ts';
import { OwnJobs } from './own-jobs.ts';

export interface FoundJob {
  readonly job: BatchJob;
  readonly state: JobState;
}

const maxInputBytes = 200 * 1024 * 1024;

/** Where callers ask for batch jobs, and how far they are: those of uploads, and those of requests. */
export class BatchDesk {
  readonly files: BatchFiles;
  readonly host: BatchHost;
  readonly #caller: Caller | undefined;
  readonly #jobs: OwnJobs<BatchJob>;
  readonly #claims: JobClaims;

  /**
   * @param caller whose jobs and files it is about: others are not there for it; undefined: nobody was asked for a key
   */
  constructor(host: BatchHost, caller: Caller | undefined) {
    this.host = host;
    this.files = new BatchFiles(host, caller);
    this.#caller = caller;
    const { data } = host;
    this.#jobs = new OwnJobs({ data, caller, place: jobPlaces.jobs, pattern: jobName, noun: 'batch' });
    this.#claims = new JobClaims(data, 'batch');
  }

  /**
   * Begins a job of requests. Rejects with ServiceError 404 where there is no such file, 413 where it is too large.
   *
   * @param isRetry it may have been asked for before, by a request whose answer was lost: then that job is told of
   */
  async create(requests: RequestsJob, at: Date, isRetry = false): Promise<FoundJob> {
    const owner = this.#caller?.name;
    const asked = { words: JSON.stringify([owner, requests]), at, isRetry };
    const known = isRetry ? await this.#claims.known(asked) : undefined;
    const begun = known === undefined ? undefined : await this.#jobs.stored(known);
    if (begun) return this.#found(begun);
    const { stored: input } = await this.files.find(requests.inputFile);
    if (input.bytes > maxInputBytes) {
      throw new ServiceError(
        413,
        `the input file is ${input.bytes} bytes, more than the ${maxInputBytes} of one batch; split it`,
      );
    }
    const id = known ?? (await this.#claims.claim(asked));
    const folder = `${this.host.resultPrefix}.requests/${id}/`;
    const createdAt = Math.floor(at.getTime() / 1000);
    const job: BatchJob = { id, folder, createdAt, input, ...(owner !== undefined && { owner }), requests };
    const { isNew } = await writeJson(this.host.data, `${jobPlaces.jobs}${id}.json`, job);
    if (isNew) await this.host.begin(id);
    return this.find(id);
  }

  /** Rejects with ServiceError 404 where there is none. */
  async find(id: string): Promise<FoundJob> {
    return this.#found(await this.#jobs.find(id));
  }

  /** Jobs after one, the newest first. Rejects with ServiceError 404 where there is no such one. */
  async list(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly jobs: readonly FoundJob[]; readonly hasMore: boolean }> {
    const { jobs, hasMore } = await this.#jobs.page(after, limit);
    return { jobs: await Promise.all(jobs.map((job) => this.#found(job))), hasMore };
  }

  /** Asks a job that is not over to stop. Rejects with ServiceError 404, or 409 for one that is over. */
  async cancel(id: string, at: Date): Promise<FoundJob> {
    await cancelJob(new JobFiles(this.host.data, await this.#jobs.find(id)), `batch '${id}'`, at);
    return this.find(id);
  }

  async #found(job: BatchJob): Promise<FoundJob> {
    return { job, state: await jobState(new JobFiles(this.host.data, job)) };
  }
}
