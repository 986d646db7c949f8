import { availableParallelism } from 'node:os';
import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultLimits } from '../../settings.ts';
import { createService } from '../create-service.ts';
import { loadOnUse } from '../load-on-use.ts';
import type { ServiceLog } from '../service-log.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import { settleBatch } from './settle-batch.ts';

export interface BatchOptions {
  readonly models: ModelStore;
  readonly model: string;
  /** A version or an alias. */
  readonly reference: string | undefined;
  readonly input: ObjectStore;
  readonly key: string;
  /** Where the input is, in words that tell it from every other. */
  readonly place: string;
  readonly output: ObjectStore;
  readonly settings: BatchSettings;
  /** Runs at once. */
  readonly workers: number;
  readonly log: ServiceLog;
  /** Ends the job. */
  readonly signal: AbortSignal;
  readonly onProgress: ShardWork['onProgress'];
}

/** Loads the model and settles the job. Rejects with ServiceError where that cannot work, in words for whoever asked for it. */
export async function openBatch(options: BatchOptions): Promise<ShardWork> {
  const { input, key, workers, place, models, onProgress } = options;
  keepHeapSmall();
  const file = await input.find(key);
  if (!file) throw new ServiceError(404, `there is no file '${key}'`);
  const service = createService({
    store: loadOnUse(models, { pinned: [], served: [options.model] }),
    basePath: '',
    concurrency: workers,
    intraOpThreads: Math.max(1, Math.floor(availableParallelism() / workers)),
    memoryBudget: Number.POSITIVE_INFINITY,
    limits: defaultLimits,
    engine: 'auto',
    log: options.log,
  });
  await service.refresh();
  return { ...(await settleBatch(service.dataPlane, { ...options, file, named: { place } })), onProgress };
}
