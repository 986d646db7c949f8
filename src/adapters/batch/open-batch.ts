import { availableParallelism } from 'node:os';
import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import { removeWork } from '../../core/batch/remove-work.ts';
import type { JobWork } from '../../core/batch/run-job.ts';
import { planFile } from '../../core/batch/work-files.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultLimits } from '../../settings.ts';
import { createService } from '../create-service.ts';
import { loadOnUse } from '../load-on-use.ts';
import { pauseBeforeRetry } from '../s3-model-store/pause-before-retry.ts';
import { S3Error } from '../s3-model-store/s3-error.ts';
import type { ServiceLog } from '../service-log.ts';
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
}

const usual: BatchSettings = { kept: ['id'], mapping: {}, outputs: [], maxFailedRecords: 2 ** 50 };
// As the state machine has it on AWS.
const retries = { attempts: 7, firstPauseMs: 2000, longestPauseMs: 60_000 };

/** Loads the model and settles the job. Rejects with ServiceError where that cannot work, in words for whoever asked for it. */
export async function openBatch(options: BatchOptions): Promise<JobWork> {
  keepHeapSmall();
  const { workers, models, output, onProgress, signal, log } = options;
  const { store, key, place } = options.input;
  const file = await store.find(key);
  if (!file) throw await noFile(options.input);
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
  });
  await service.refresh();
  const work = await settleBatch(service.dataPlane, {
    ...options,
    settings: usual,
    input,
    file,
    named: { place },
  }).catch(async (error) => {
    // What was refused is no job: nobody goes on with what planning it has left.
    if (error instanceof ServiceError && error.status < 500 && !(await output.find(planFile))) await removeWork(output);
    throw error;
  });
  return {
    ...work,
    onProgress,
    today: () => new Date(),
    pause: (failures, error) => pauseAfter(failures, error, options),
  };
}

async function noFile({ store, key, place }: LocatedFile): Promise<ServiceError> {
  const isFolder = (await store.list(`${key}/`)).length > 0;
  return isFolder
    ? new ServiceError(400, `'${place}' is a folder: a manifest beside it (*.manifest.json) makes records of its files`)
    : new ServiceError(404, `there is no file '${place}'`);
}

async function pauseAfter(failures: number, error: ServiceError, { log, signal }: BatchOptions): Promise<void> {
  const { cause } = error;
  // What S3 refuses it refuses again.
  if (cause instanceof S3Error && !cause.isPassing) throw error;
  log.warn({ failures }, `${error.message}; trying again`);
  await pauseBeforeRetry(failures, retries, signal);
}
