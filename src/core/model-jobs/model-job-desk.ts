import type { Caller } from '../../ports/caller.ts';
import type { JobHost } from '../../ports/job-host.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readJson } from '../batch/read-json.ts';
import { writeJson } from '../batch/write-json.ts';
import { BatchFiles } from '../batch-jobs/batch-files.ts';
import { cancelJob } from '../batch-jobs/cancel-job.ts';
import { JobClaims } from '../batch-jobs/job-claims.ts';
import { OwnJobs } from '../batch-jobs/own-jobs.ts';
import { checkColumns } from './check-columns.ts';
import { endModelJob } from './end-model-job.ts';
import { fileNames } from './file-names.ts';
import type { FineTuning } from './fine-tuning.ts';
import { jobKinds } from './job-kinds.ts';
import type { ModelJob } from './model-job.ts';
import { modelJobId } from './model-job-id.ts';
import { modelJobKey } from './model-job-key.ts';
import { modelJobPlaces } from './model-job-places.ts';
import { type ModelJobState, modelJobState } from './model-job-state.ts';
import { optionField } from './option-field.ts';
import type { TellRowsTaken } from './rows-taken.ts';
import { eventsFile, type JobEvents, runFiles, startedFile } from './run-files.ts';

export interface JobAsked {
  /** What a request of OpenAI's API says beside the job. */
  readonly fineTuning?: FineTuning;
  /** Whether it may have been asked for before, by a request whose answer was lost. @default false */
  readonly isRetry?: boolean;
}

export interface DeskOptions {
  /** The jobs that there are for the caller. @default all of its own */
  readonly isMeant?: ((job: ModelJob) => boolean) | undefined;
  /** Knows what models of the repository take, so that rows which do not fit are refused at once. @default nothing */
  readonly tellRowsTaken?: TellRowsTaken | undefined;
}

const nothingKnown: TellRowsTaken = async () => undefined;

export interface FoundModelJob {
  readonly job: ModelJob;
  readonly state: ModelJobState;
}

/**
 * Where callers ask for jobs that make models, and how far they are. A caller has its own alone: others are not there
 * for it.
 */
export class ModelJobDesk {
  readonly #host: JobHost;
  readonly #caller: Caller | undefined;
  readonly #jobs: OwnJobs<ModelJob>;
  readonly #claims: JobClaims;
  readonly #tellRowsTaken: TellRowsTaken;

  /**
   * @param caller undefined: nobody was asked for a key
   */
  constructor(host: JobHost, caller: Caller | undefined, { isMeant, tellRowsTaken = nothingKnown }: DeskOptions = {}) {
    this.#host = host;
    this.#caller = caller;
    const { data } = host;
    this.#jobs = new OwnJobs({ data, caller, place: modelJobPlaces.jobs, pattern: modelJobId, noun: 'job', isMeant });
    this.#claims = new JobClaims(data, 'job');
    this.#tellRowsTaken = tellRowsTaken;
  }

  /**
   * Begins a job, or, where it is asked for again, tells of the one that the same request began some minutes ago.
   * Rejects with ServiceError 400 for what is not understood, or a training whose rows do not fit it, or its model, 403
   * where a model is not the caller's to make or to make something of, 404 where there is no such file, 413 where its
   * files are too large, 503 where no more can wait.
   */
  async create(body: unknown, at: Date, { fineTuning, isRetry = false }: JobAsked = {}): Promise<FoundModelJob> {
    const request = await this.#host.parse(body);
    this.#check(request);
    const owner = this.#caller?.name;
    const asked = { words: wordsOf(owner, request, fineTuning), at, isRetry };
    const known = isRetry ? await this.#claims.known(asked) : undefined;
    const begun = known === undefined ? undefined : await this.#jobs.stored(known);
    if (begun) return this.#found(begun);
    this.#host.checkRoom();
    const inputs = await this.#inputs(request, fineTuning !== undefined);
    await checkColumns({
      host: this.#host,
      request,
      inputs,
      isFineTuning: fineTuning !== undefined,
      tellRowsTaken: this.#tellRowsTaken,
    });
    const id = known ?? (await this.#claims.claim(asked));
    const createdAt = Math.floor(at.getTime() / 1000);
    const more = { ...(owner !== undefined && { owner }), ...(fineTuning && { fineTuning }) };
    const job: ModelJob = { id, ...request, createdAt, ...more, inputs };
    const { isNew } = await writeJson(this.#host.data, modelJobKey(id), job);
    if (isNew) await this.#host.begin(id);
    return this.find(id);
  }

  /** Rejects with ServiceError 404 where there is none. */
  async find(id: string): Promise<FoundModelJob> {
    return this.#found(await this.#jobs.find(id));
  }

  /** Jobs after one, the newest first. Rejects with ServiceError 404 where there is no such one. */
  async list(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly jobs: readonly FoundModelJob[]; readonly hasMore: boolean }> {
    const { jobs, hasMore } = await this.#jobs.page(after, limit);
    return { jobs: await Promise.all(jobs.map((job) => this.#found(job))), hasMore };
  }

  /** What a job said so far, the last of it where that is much. Rejects with ServiceError 404. */
  async events(id: string): Promise<JobEvents> {
    const { id: known } = await this.#jobs.find(id);
    return (await readJson<JobEvents>(runFiles(this.#host.data, known), eventsFile)) ?? { events: [], dropped: 0 };
  }

  /**
   * Asks a job that is not over to stop; one that nobody has begun is over at once. Rejects with ServiceError 404, or
   * 409 for one that is over.
   */
  async cancel(id: string, at: Date): Promise<FoundModelJob> {
    const job = await this.#jobs.find(id);
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

  async #inputs(request: JobRequest, isFineTuning: boolean): Promise<ModelJob['inputs']> {
    const { data, maxInputBytes } = this.#host;
    const files = new BatchFiles({ data, needs: () => false }, this.#caller);
    const found = await Promise.all(
      fileNames(request).map(async (name) => {
        const { stored, filename } = await files.find(name).catch((error) => {
          throw isFineTuning ? asOpenAi(error, request, name) : error;
        });
        // What a file is goes by how its name ends.
        const ending = isFineTuning && !filename.includes('.') ? '.jsonl' : undefined;
        return [name, { ...stored, filename, ...(ending !== undefined && { ending }) }] as const;
      }),
    );
    const bytes = found.reduce((sum, [, file]) => sum + file.bytes, 0);
    if (bytes <= maxInputBytes) return Object.fromEntries(found);
    throw new ServiceError(
      413,
      `the job's files are ${bytes} bytes, more than the ${maxInputBytes} of one job here; push the source to the repository, and name it there`,
    );
  }

  async #found(job: ModelJob): Promise<FoundModelJob> {
    return { job, state: await modelJobState(runFiles(this.#host.data, job.id)) };
  }
}

/** OpenAI's API has no such file as a fault of the request, and names the field. */
function asOpenAi(error: unknown, { options }: JobRequest, file: string): unknown {
  if (!(error instanceof ServiceError) || error.status !== 404) return error;
  const [option = ''] = Object.entries(options).find(([, value]) => value === file) ?? [];
  return new ServiceError(400, error.message, { field: optionField(option, true), cause: error });
}

/** Who asked for what, as a text that is the same where that is. */
function wordsOf(
  owner: string | undefined,
  { kind, model, source, options }: JobRequest,
  fineTuning: FineTuning | undefined,
): string {
  return JSON.stringify([owner, kind, model, source, options, fineTuning]);
}
