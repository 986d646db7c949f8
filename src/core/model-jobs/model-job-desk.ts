import type { Caller } from '../../ports/caller.ts';
import type { JobHost } from '../../ports/job-host.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readJson } from '../batch/read-json.ts';
import { writeJson } from '../batch/write-json.ts';
import { BatchFiles } from '../batch-jobs/batch-files.ts';
import { cancelJob } from '../batch-jobs/cancel-job.ts';
import { isOwner } from '../batch-jobs/is-owner.ts';
import { newestFirst } from '../batch-jobs/newest-first.ts';
import { endModelJob } from './end-model-job.ts';
import { fileNames } from './file-names.ts';
import { jobKinds } from './job-kinds.ts';
import type { ModelJob } from './model-job.ts';
import { modelJobId } from './model-job-id.ts';
import { modelJobPlaces } from './model-job-places.ts';
import { type ModelJobState, modelJobState } from './model-job-state.ts';
import { eventsFile, type JobEvents, runFiles, startedFile } from './run-files.ts';

export interface FoundModelJob {
  readonly job: ModelJob;
  readonly state: ModelJobState;
}

const readsAtOnce = 32;

/** Where callers ask for jobs that make models, and how far they are. A caller has its own alone: others are not there for it. */
export class ModelJobDesk {
  readonly #host: JobHost;
  readonly #caller: Caller | undefined;

  /** @param caller undefined: nobody was asked for a key */
  constructor(host: JobHost, caller: Caller | undefined) {
    this.#host = host;
    this.#caller = caller;
  }

  /**
   * Begins a job. Rejects with ServiceError 400 for what is not understood, 403 where a model is not the caller's to make or to make something
   * of, 404 where there is no such file, 413 where its files are too large, 503 where no more can wait.
   */
  async create(body: unknown, at: Date): Promise<FoundModelJob> {
    const request = await this.#host.parse(body);
    this.#check(request);
    this.#host.checkRoom();
    const inputs = await this.#inputs(request);
    const id = `job_${newestFirst(at)}${crypto.randomUUID().replaceAll('-', '').slice(0, 13)}`;
    const owner = this.#caller?.name;
    const createdAt = Math.floor(at.getTime() / 1000);
    const job: ModelJob = { id, ...request, createdAt, ...(owner !== undefined && { owner }), inputs };
    await writeJson(this.#host.data, keyOf(id), job);
    await this.#host.begin(id);
    return this.find(id);
  }

  /** Rejects with ServiceError 404 where there is none. */
  async find(id: string): Promise<FoundModelJob> {
    return this.#found(await this.#job(id));
  }

  /** Jobs after one, the newest first. Rejects with ServiceError 404 where there is no such one. */
  async list(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly jobs: readonly FoundModelJob[]; readonly hasMore: boolean }> {
    if (after !== undefined) await this.#job(after);
    const files = await this.#host.data.list(modelJobPlaces.jobs);
    // Their ids begin with what sorts the newest first.
    const ids = files.map(({ key }) => key.slice(modelJobPlaces.jobs.length).replace(/\.json$/, ''));
    const left = ids.filter((id) => modelJobId.test(id) && (after === undefined || id > after));
    const own: ModelJob[] = [];
    for (let at = 0; at < left.length && own.length <= limit; at += readsAtOnce) {
      const jobs = await Promise.all(left.slice(at, at + readsAtOnce).map((id) => this.#ownJob(id)));
      own.push(...jobs.filter((job) => job !== undefined));
    }
    return { jobs: await Promise.all(own.slice(0, limit).map((job) => this.#found(job))), hasMore: own.length > limit };
  }

  /** What a job said so far, the last of it where that is much. Rejects with ServiceError 404. */
  async events(id: string): Promise<JobEvents> {
    const { id: known } = await this.#job(id);
    return (await readJson<JobEvents>(runFiles(this.#host.data, known), eventsFile)) ?? { events: [], dropped: 0 };
  }

  /** Asks a job that is not over to stop; one that nobody has begun is over at once. Rejects with ServiceError 404, or 409 for one that is over. */
  async cancel(id: string, at: Date): Promise<FoundModelJob> {
    const job = await this.#job(id);
    const output = runFiles(this.#host.data, job.id);
    await cancelJob(output, `job '${id}'`, at);
    if (!(await output.find(startedFile))) await endModelJob(output, job, { status: 'failed', versions: [] }, at);
    return this.#found(job);
  }

  /** What is stored, and what it is made of, both have to be a caller's. */
  #check(request: JobRequest): void {
    const { kind, model, source } = request;
    const stored = jobKinds[kind]?.stores?.(request) ?? [model];
    const [read] = typeof source === 'string' ? source.split('@') : [];
    for (const name of read === undefined ? stored : [...stored, read]) this.#caller?.check('jobs', name);
  }

  async #inputs(request: JobRequest): Promise<ModelJob['inputs']> {
    const { data, maxInputBytes } = this.#host;
    const files = new BatchFiles({ data, needs: () => false }, this.#caller);
    const found = await Promise.all(
      fileNames(request).map(async (name) => {
        const { stored, filename } = await files.find(name);
        return [name, { ...stored, filename }] as const;
      }),
    );
    const bytes = found.reduce((sum, [, file]) => sum + file.bytes, 0);
    if (bytes <= maxInputBytes) return Object.fromEntries(found);
    throw new ServiceError(
      413,
      `the job's files are ${bytes} bytes, more than the ${maxInputBytes} of one job here; push the source to the repository, and name it there`,
    );
  }

  async #job(id: string): Promise<ModelJob> {
    const job = modelJobId.test(id) ? await this.#ownJob(id) : undefined;
    if (job) return job;
    throw new ServiceError(404, `there is no job '${id.slice(0, 100)}'`);
  }

  async #ownJob(id: string): Promise<ModelJob | undefined> {
    const job = await readJson<ModelJob>(this.#host.data, keyOf(id));
    return job && isOwner(this.#caller, job.owner) ? job : undefined;
  }

  async #found(job: ModelJob): Promise<FoundModelJob> {
    return { job, state: await modelJobState(runFiles(this.#host.data, job.id)) };
  }
}

function keyOf(id: string): string {
  return `${modelJobPlaces.jobs}${id}.json`;
}
