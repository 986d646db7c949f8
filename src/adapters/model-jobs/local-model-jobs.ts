import { collectInParallel } from '../../core/batch/collect-in-parallel.ts';
import { reportFile } from '../../core/batch/finish-job.ts';
import { unlessBroken } from '../../core/batch/unless-broken.ts';
import { writeJson } from '../../core/batch/write-json.ts';
import { isJobOver } from '../../core/batch-jobs/is-job-over.ts';
import { endModelJob } from '../../core/model-jobs/end-model-job.ts';
import { findModelJob } from '../../core/model-jobs/find-model-job.ts';
import { dropCheckpoints, hasCheckpoint, mayGoOn } from '../../core/model-jobs/job-checkpoints.ts';
import { holderOf, takenFile } from '../../core/model-jobs/job-holder.ts';
import type { JobEnding, JobReport } from '../../core/model-jobs/job-report.ts';
import { JobTaken } from '../../core/model-jobs/job-taken.ts';
import type { ModelJob } from '../../core/model-jobs/model-job.ts';
import { modelJobPlaces } from '../../core/model-jobs/model-job-places.ts';
import { type JobStart, resumedFile, runFiles, startedFile } from '../../core/model-jobs/run-files.ts';
import { readsAtOnce } from '../../core/reads-at-once.ts';
import type { JobHost } from '../../ports/job-host.ts';
import type { RewritableStore, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { columnsOf } from './columns-of.ts';
import { parseJobRequest } from './parse-job-request.ts';
import { renewMs, ServerLease } from './server-lease.ts';

/** Hears of the models that a job stored versions of, before its report tells of them. Does not reject. */
export type OnMade = (models: readonly string[]) => Promise<void>;

/** For whom a job is done. */
export interface JobHolder {
  readonly onMade?: OnMade | undefined;
  /** Whether another has taken the job up meanwhile: then it is left as that one has it. */
  readonly isTaken: () => Promise<boolean>;
}

/**
 * Does a job that was begun, and ends it with its report; undefined where it was stopped, and is to go on later from what
 * it kept, or where another has taken it up. `signal` ends it: by a JobTaken for the latter.
 */
export type RunJob = (
  job: ModelJob,
  data: RewritableStore,
  signal: AbortSignal,
  holder?: JobHolder | undefined,
) => Promise<JobReport | undefined>;

export interface LocalModelJobsOptions {
  readonly data: RewritableStore;
  /** Jobs at once. */
  readonly most: number;
  readonly run: RunJob;
  readonly onMade?: OnMade | undefined;
  /** Hears of each job that ended. */
  readonly onEnd: (job: ModelJob, report: JobReport) => void;
  /** Hears of what no report could be written of. */
  readonly onFailure: (job: string, error: unknown) => void;
}

/** How a job ends that was under way when the server ended. */
const lost: JobEnding = {
  status: 'failed',
  reason: 'the server ended meanwhile: what the job stored before is in the repository; ask for it again',
  isFault: true,
  versions: [],
};

const mostWaiting = 100;
const maxInputBytes = 16 * 1024 ** 3;

/** Jobs that make models, each in a process of its own, so many at once, in the order in which they were asked for. */
export class LocalModelJobs implements JobHost {
  readonly data: RewritableStore;
  readonly maxInputBytes = maxInputBytes;
  readonly #options: LocalModelJobsOptions;
  readonly #stopping = new AbortController();
  readonly #waiting: string[] = [];
  /** Of those that wait, the ones that a server began that is no more, and which. */
  readonly #goingOn = new Map<string, string>();
  /** What another server does, which may be lost. */
  readonly #others = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  /** Of those, what was begun, by what ends it. */
  readonly #held = new Map<string, AbortController>();
  readonly #lease: ServerLease;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #isStarted = false;

  constructor(options: LocalModelJobsOptions) {
    this.data = options.data;
    this.#options = options;
    this.#lease = new ServerLease(options.data);
  }

  parse(body: unknown) {
    return parseJobRequest(body);
  }

  columnsOf(file: StoredFile, filename: string, ending?: string) {
    return columnsOf(this.data, file, filename, ending);
  }

  checkRoom(): void {
    if (this.#waiting.length < mostWaiting) return;
    throw new ServiceError(503, `${mostWaiting} jobs wait already; come again later`, { retryAfterSeconds: 60 });
  }

  /**
   * Takes up what was not begun when the last server ended, and what was under way then and has kept how far it is; all
   * else that was has failed. What another server does that runs is its own, until that one is no more.
   */
  async start(): Promise<void> {
    await this.#lease.renew();
    this.#timer = setInterval(() => {
      // A store that does not answer now may later.
      this.#round ??= this.#goRound()
        .catch(() => undefined)
        .finally(() => {
          this.#round = undefined;
        });
    }, renewMs);
    const files = await this.data.list(modelJobPlaces.jobs);
    // The newest is listed first, and has waited the least.
    const left = await collectInParallel(files.toReversed(), readsAtOnce, async ({ key }) => {
      const id = key.slice(modelJobPlaces.jobs.length, -'.json'.length);
      const isOver = await runFiles(this.data, id).find(reportFile);
      if (isOver) return undefined;
      return findModelJob(this.data, id).catch(unlessBroken((error) => this.#options.onFailure(id, error)));
    });
    for (const job of left) if (job) await this.#takeUp(job);
    this.#isStarted = true;
    this.#next();
  }

  async begin(id: string): Promise<void> {
    this.#waiting.push(id);
    this.#next();
  }

  /** Ends what is under way, which has failed then, or goes on at the next start, when what waits is taken up. */
  async stop(): Promise<void> {
    const reason = new ServiceError(503, 'the server was stopped meanwhile: ask for the job again');
    this.#stopping.abort(reason);
    for (const held of this.#held.values()) held.abort(reason);
    await Promise.all(this.#running.values());
    clearInterval(this.#timer);
    await this.#round;
    await this.#lease.release();
  }

  async #goRound(): Promise<void> {
    if (this.#timer === undefined) return;
    await this.#lease.renew();
    for (const [id, held] of this.#held)
      if (await this.#isTaken(id)) held.abort(new JobTaken('another server goes on with it'));
    for (const id of this.#others) {
      if (this.#stopping.signal.aborted) return;
      const isOver = await runFiles(this.data, id).find(reportFile);
      const job = isOver ? undefined : await findModelJob(this.data, id);
      if (job) await this.#takeUp(job);
      else this.#others.delete(id);
    }
    this.#next();
  }

  async #takeUp(job: ModelJob): Promise<void> {
    const output = runFiles(this.data, job.id);
    const holder = await holderOf(output);
    if (holder !== undefined && (await this.#lease.isHeld(holder))) {
      this.#others.add(job.id);
      return;
    }
    this.#others.delete(job.id);
    if (holder === undefined || (await hasCheckpoint(this.data, job))) {
      if (holder !== undefined) this.#goingOn.set(job.id, holder);
      this.#waiting.push(job.id);
      return;
    }
    await this.#end(job, lost);
  }

  #next(): void {
    while (this.#isStarted && !this.#stopping.signal.aborted && this.#running.size < this.#options.most) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      const run = this.#run(id)
        .catch((error) => this.#options.onFailure(id, error))
        .finally(() => {
          this.#running.delete(id);
          this.#next();
        });
      this.#running.set(id, run);
    }
  }

  async #run(id: string): Promise<void> {
    const job = await findModelJob(this.data, id);
    if (!job) return;
    const output = runFiles(this.data, id);
    const start: JobStart = { at: new Date().toISOString(), by: this.#lease.by };
    if (await isJobOver(output)) return this.#end(job, { status: 'failed', versions: [] });
    const lostHolder = this.#goingOn.get(id);
    this.#goingOn.delete(id);
    // It had stalled, and goes on with it.
    if (lostHolder !== undefined && (await this.#lease.isHeld(lostHolder))) return void this.#others.add(id);
    const first = lostHolder === undefined ? startedFile : takenFile(lostHolder);
    if (!(await writeJson(output, first, start)).isNew) {
      // Another server was here before.
      this.#others.add(id);
      return;
    }
    if (lostHolder !== undefined && !(await mayGoOn(this.data, job))) return this.#end(job, lost);
    const report = await this.#hold(job);
    // How it goes on, and ends, is for whoever has it.
    if (await this.#isTaken(id)) return;
    if (report) this.#options.onEnd(job, report);
    // It was stopped in good order, however often.
    else await output.remove(resumedFile);
  }

  async #hold(job: ModelJob): Promise<JobReport | undefined> {
    const { run, onMade } = this.#options;
    const held = new AbortController();
    this.#held.set(job.id, held);
    if (this.#stopping.signal.aborted) held.abort(this.#stopping.signal.reason);
    try {
      return await run(job, this.data, held.signal, { onMade, isTaken: () => this.#isTaken(job.id) });
    } finally {
      this.#held.delete(job.id);
    }
  }

  /** Whether another has a job that was begun here, as this server stalled for so long that it was taken for killed. */
  async #isTaken(id: string): Promise<boolean> {
    return (await holderOf(runFiles(this.data, id))) !== this.#lease.by;
  }

  async #end(job: ModelJob, ending: JobEnding): Promise<void> {
    const report = await endModelJob(runFiles(this.data, job.id), job, ending, new Date());
    this.#options.onEnd(job, report);
    await dropCheckpoints(this.data, job).catch((error) => this.#options.onFailure(job.id, error));
  }
}
