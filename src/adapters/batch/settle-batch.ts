import { BatchModel } from '../../core/batch/batch-model.ts';
import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import type { LambdaUse } from '../../core/batch/lambda-use.ts';
import { planJob } from '../../core/batch/plan-job.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { jobId } from './job-id.ts';
import { openInput } from './open-input.ts';
import { shardWork } from './shard-work.ts';

export interface BatchRequest {
  /** Where the model is. */
  readonly models: ModelStore;
  readonly model: string;
  /** A version or an alias. */
  readonly reference?: string | undefined;
  /** The file of records, or the manifest. */
  readonly file: StoredFile;
  /** What the job is called, or where its file is, in words that tell it from every other. */
  readonly named: { readonly job: string } | { readonly place: string };
  readonly input: ObjectStore;
  readonly output: ObjectStore;
  readonly settings: BatchSettings;
  /** Settings that go before those of a manifest. */
  readonly chosen?: Partial<BatchSettings>;
  /** About so many bytes of input make a shard, or fewer where the model is slow. @default 16 MiB */
  readonly shardBytes?: number | undefined;
  /** Runs at once. */
  readonly workers: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Tells what the invocation that plans has taken; absent where there is none. */
  readonly lambda?: () => LambdaUse;
}

const usualShardBytes = 16 * 1024 * 1024;

/**
 * Loads the model and settles the job. Rejects with ServiceError where that cannot work, in words for whoever asked for
 * it.
 */
export async function settleBatch(dataPlane: DataPlane, request: BatchRequest): Promise<Omit<ShardWork, 'onProgress'>> {
  const { input, output, named, workers, lambda, shardBytes = usualShardBytes } = request;
  const startedAt = new Date().toISOString();
  const found = await openInput(input, request.file, output, request.settings, request.chosen);
  const { file, format, settings } = found;
  const model = await BatchModel.open(dataPlane, request.model, request.reference, request.signal);
  const { version } = model;
  const digest = await request.models.digest(request.model, version.version);
  const settled = { model: request.model, version: version.version, digest, file, format, settings };
  const work = shardWork(model, found, workers);
  const plan = await planJob({
    ...work,
    ...settled,
    startedAt,
    ...(lambda && { lambda }),
    job: 'job' in named ? named.job : jobId(named.place, settled),
    input,
    output,
    records: found.records,
    shardBytes,
  });
  return { plan, input, output, ...work };
}
