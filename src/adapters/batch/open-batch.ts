import { availableParallelism } from 'node:os';
import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import type { BatchReport } from '../../core/batch/batch-report.ts';
import { reportFile } from '../../core/batch/finish-job.ts';
import { isRefusal } from '../../core/batch/is-refusal.ts';
import { readJson } from '../../core/batch/read-json.ts';
import { removeWork } from '../../core/batch/remove-work.ts';
import type { JobWork } from '../../core/batch/run-job.ts';
import { planFile } from '../../core/batch/work-files.ts';
import { refuseJob } from '../../core/batch-jobs/refuse-job.ts';
import type { RunObserver } from '../../core/data-plane.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultLimits } from '../../settings.ts';
import { createService } from '../create-service.ts';
import { loadOnUse } from '../load-on-use.ts';
import { pauseBeforeRetry } from '../s3-model-store/pause-before-retry.ts';
import { S3Error } from '../s3-model-store/s3-error.ts';
import type { ServiceLog } from '../service-log.ts';
import { findFolder } from './find-folder.ts';
import { jobId } from './job-id.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import type { LocatedFile } from './locate-file.ts';
import { readsUntil } from './reads-until.ts';
import { settleBatch } from './settle-batch.ts';

export interface BatchOptions {
  readonly models: ModelStore;
  readonly model: string;
  /** A version or an alias. */
  readonly reference: string | undefined;
  readonly input: LocatedFile;
  readonly output: ObjectStore;
  /** What is wanted, before what a manifest says and what is usual. */
  readonly chosen: Partial<BatchSettings>;
  /** About so many bytes of input make a shard, or fewer where the model is slow. @default 16 MiB */
  readonly shardBytes?: number | undefined;
  /** Runs at once. */
  readonly workers: number;
  readonly log: ServiceLog;
  /** Ends the job. */
  readonly signal: AbortSignal;
  readonly onProgress: JobWork['onProgress'];
  /** Hears of each run of the model. @default nobody does */
  readonly onRun?: RunObserver | undefined;
}

const usual: BatchSettings = { kept: ['id'], mapping: {}, outputs: [], maxFailedRecords: 2 ** 50 };
// As the state machine has it on AWS.
const retries = { attempts: 7, firstPauseMs: 2000, longestPauseMs: 60_000 };

/**
 * Loads the model and settles the job. Rejects with ServiceError where that cannot work, in words for whoever asked for
 * it, which its report has too.
 */
export async function openBatch(options: BatchOptions): Promise<JobWork> {
  const collect = keepHeapSmall();
  const { workers, models, output, signal, log } = options;
  const { store, key, place } = options.input;
  const file = (await store.find(key)) ?? (await findFolder(store, key));
  if (!file) throw new ServiceError(404, `there is no file '${place}', nor a folder with files in it`);
  const input = readsUntil(signal, store);
  const service = createService({
    store: loadOnUse(models, { pinned: [], served: [options.model] }),
    basePath: '',
    concurrency: workers,
    intraOpThreads: Math.max(1, Math.floor(availableParallelism() / workers)),
    memoryBudget: Number.POSITIVE_INFINITY,
    limits: defaultLimits,
    engine: 'auto',
    log,
    onRun: options.onRun,
  });
  await service.refresh();
  const settle = () => settleBatch(service.dataPlane, { ...options, settings: usual, input, file, named: { place } });
  await forgetRefusal(output);
  const work = await settle().catch(async (error) => {
    // Another run of the job may have ended it meanwhile, and let go of work files that this one needed.
    if (await output.find(reportFile)) return settle();
    if (error instanceof ServiceError && error.status < 500) await refuse(options, file, error.message);
    throw error;
  });
  return {
    ...work,
    onProgress: (records, failed) => {
      collect();
      options.onProgress(records, failed);
    },
    today: () => new Date(),
    pause: (failures, error) => pauseAfter(failures, error, options),
  };
}

/** Lets go of the report of a job that was refused: nothing was done of it, and what was wrong may be mended by now. */
async function forgetRefusal(output: ObjectStore): Promise<void> {
  const report = await readJson<BatchReport>(output, reportFile);
  if (report && isRefusal(report)) await output.remove(reportFile);
}

/**
 * Ends a job with the reason in its report, where the folder has no other's. Nobody goes on with what planning it has
 * left.
 */
async function refuse({ output, model, input, chosen }: BatchOptions, file: StoredFile, reason: string): Promise<void> {
  if (await output.find(planFile)) return;
  const at = new Date();
  const id = jobId(input.place, { model, file, settings: chosen });
  await refuseJob(output, { id, input: file, createdAt: at.getTime() / 1000 }, { status: 'failed', reason }, at);
  await removeWork(output);
}

async function pauseAfter(failures: number, error: ServiceError, { log, signal }: BatchOptions): Promise<void> {
  const { cause } = error;
  // What S3 refuses it refuses again.
  if (cause instanceof S3Error && !cause.isPassing) throw error;
  log.warn({ failures }, `${error.message}; trying again`);
  await pauseBeforeRetry(failures, retries, signal);
}
