import { collectInParallel } from '../../core/batch/collect-in-parallel.ts';
import { reportFile } from '../../core/batch/finish-job.ts';
import { readJson } from '../../core/batch/read-json.ts';
import { unlessBroken } from '../../core/batch/unless-broken.ts';
import { workFolder } from '../../core/batch/work-files.ts';
import { answerShard } from '../../core/batch-jobs/answer-shard.ts';
import type { BatchJob } from '../../core/batch-jobs/batch-job.ts';
import { endJob } from '../../core/batch-jobs/end-job.ts';
import { isJobOver } from '../../core/batch-jobs/is-job-over.ts';
import { JobFiles } from '../../core/batch-jobs/job-files.ts';
import { jobPlaces } from '../../core/batch-jobs/job-places.ts';
import { planRequests } from '../../core/batch-jobs/plan-requests.ts';
import { refuseJob } from '../../core/batch-jobs/refuse-job.ts';
import { requestFields } from '../../core/batch-jobs/request-item.ts';
import { readsAtOnce } from '../../core/reads-at-once.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import type { OnCall } from '../../ports/answered-call.ts';
import type { BatchHost } from '../../ports/batch-host.ts';
import type { ObjectStore, RewritableStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { answerWith } from './answer-with.ts';
import { reportCalls } from './report-calls.ts';
import { requestsFormat } from './requests-format.ts';
import { watchJob } from './watch-job.ts';

type Handle = (request: HttpRequest) => Promise<HttpResponse>;

export interface LocalBatchesOptions {
  readonly data: RewritableStore;
  readonly maxFileBytes: number;
  readonly onFailure: (job: string, error: unknown) => void;
}

/**
 * Batch jobs in the server's own process, one after the other, each a request at a time, so that callers are answered
 * meanwhile.
 */
export class LocalBatches implements BatchHost {
  readonly data: RewritableStore;
  readonly resultPrefix = 'out/';
  readonly maxFileBytes: number;
  readonly #onFailure: LocalBatchesOptions['onFailure'];
  readonly #stopping = new AbortController();
  /** Keys of the inputs of jobs that are not answered. */
  readonly #needed = new Map<string, string>();
  #last: Promise<void> = Promise.resolve();
  readonly #handle = Promise.withResolvers<Handle>();
  #onCall: OnCall | undefined;

  constructor({ data, maxFileBytes, onFailure }: LocalBatchesOptions) {
    this.data = data;
    this.maxFileBytes = maxFileBytes;
    this.#onFailure = onFailure;
  }

  /**
   * Begins to work with what answers requests, first on the jobs that were not done when the last server ended.
   *
   * @param onCall hears of each request, as of a call of whoever asked for its job
   */
  async start(handle: Handle, onCall?: OnCall): Promise<void> {
    this.#onCall = onCall;
    this.#handle.resolve(handle);
    const files = await this.data.list(jobPlaces.jobs);
    // The newest is listed first, and has waited the least.
    const left = await collectInParallel(files.toReversed(), readsAtOnce, async ({ key }) => {
      const job = await readJson<BatchJob>(this.data, key).catch(unlessBroken((error) => this.#onFailure(key, error)));
      return job && !(await isSettled(new JobFiles(this.data, job))) ? job.id : undefined;
    });
    for (const id of left) if (id !== undefined) await this.begin(id);
  }

  async begin(id: string): Promise<void> {
    const job = await readJson<BatchJob>(this.data, `${jobPlaces.jobs}${id}.json`);
    if (!job?.requests) return;
    const { endpoint } = job.requests;
    this.#needed.set(id, job.input.key);
    this.#last = this.#last.then(() => this.#run(job, endpoint)).catch((error) => this.#onFailure(id, error));
  }

  needs(key: string): boolean {
    return [...this.#needed.values()].includes(key);
  }

  async link(): Promise<undefined> {
    return undefined;
  }

  /** Ends the work; what is not done is taken up at the next start. */
  async stop(): Promise<void> {
    const reason = new ServiceError(504, 'the server stops');
    this.#stopping.abort(reason);
    // Jobs may wait for a start that does not come.
    this.#handle.promise.catch(() => undefined);
    this.#handle.reject(reason);
    await this.#last;
  }

  async #run(job: BatchJob, endpoint: string): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const output = new JobFiles(this.data, job);
    try {
      // Before its report tells callers that it is over.
      await this.#answer(job, output, endpoint).finally(() => this.#needed.delete(job.id));
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      if (!(await isJobOver(output))) await this.#refuse(job, output, error);
    }
    await endJob(output, job, new Date());
  }

  async #answer(job: BatchJob, output: JobFiles, endpoint: string): Promise<void> {
    if (await isJobOver(output)) return;
    const format = requestsFormat();
    const begin = { startedAt: new Date().toISOString() };
    const plan = await planRequests(job, format, this.data, output, begin);
    const bare = await this.#handle.promise;
    const handle = this.#onCall ? reportCalls(bare, job.owner, this.#onCall) : bare;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stopping.signal]);
    const unwatch = watchJob(output, (reason) => over.abort(reason));
    const files = {
      plan,
      input: this.data,
      output,
      format,
      fields: requestFields,
      clock: performance,
      onProgress: () => undefined,
    };
    try {
      for (const shard of plan.shards) {
        if (await isJobOver(output)) return;
        await answerShard({ ...files, endpoint, answer: answerWith(handle, signal), runsAtOnce: 1 }, shard);
      }
    } finally {
      unwatch();
    }
  }

  async #refuse(job: BatchJob, output: JobFiles, error: unknown): Promise<void> {
    if (!(error instanceof ServiceError)) this.#onFailure(job.id, error);
    const reason = error instanceof ServiceError ? error.message : 'the server failed; its log has the reason';
    await refuseJob(output, job, { status: 'failed', reason }, new Date());
  }
}

/**
 * Whether nothing is left to do of a job: one that was cancelled has no report yet, and one that has may have its work
 * files still.
 */
async function isSettled(output: ObjectStore): Promise<boolean> {
  return (await output.find(reportFile)) !== undefined && (await output.list(workFolder)).length === 0;
}
