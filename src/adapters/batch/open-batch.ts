import { availableParallelism } from 'node:os';
import { BatchModel } from '../../core/batch/batch-model.ts';
import type { BatchPlan, BatchSettings } from '../../core/batch/batch-plan.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import { planJob } from '../../core/batch/plan-job.ts';
import { recordLayout } from '../../core/batch/record-layout.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultLimits } from '../../settings.ts';
import { createService } from '../create-service.ts';
import { loadOnUse } from '../load-on-use.ts';
import type { ServiceLog } from '../service-log.ts';
import { jobId } from './job-id.ts';
import { openInput } from './open-input.ts';

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

const shardBytes = 16 * 1024 * 1024;

/** Loads the model and settles the job. Rejects with ServiceError where that cannot work, in words for whoever asked for it. */
export async function openBatch(options: BatchOptions): Promise<ShardWork> {
  const { input, output, workers, key } = options;
  const found = await input.find(key);
  if (!found) throw new ServiceError(404, `there is no file '${key}'`);
  const { file, settings, format, records, partsOf } = await openInput(input, found, output, options.settings);
  const service = createService({
    store: loadOnUse(options.models, { pinned: [], served: [options.model] }),
    basePath: '',
    concurrency: workers,
    intraOpThreads: Math.max(1, Math.floor(availableParallelism() / workers)),
    memoryBudget: Number.POSITIVE_INFINITY,
    limits: defaultLimits,
    engine: 'auto',
    log: options.log,
  });
  await service.refresh();
  const model = await BatchModel.open(service.dataPlane, options.model, options.reference, options.signal);
  const specs = model.signature.inputs;
  const fields = { inputs: recordLayout(specs, settings.mapping), kept: settings.kept };
  const clock = { now: () => performance.now() };
  const engine = { specs, runsAtOnce: workers, run: model.runFor(settings.outputs) };
  const named = { model: options.model, version: model.version.version, file, format, settings };
  const plan: BatchPlan = await planJob({
    ...named,
    job: jobId(options.place, named),
    input,
    output,
    records,
    fields,
    shardBytes,
    engine,
    canShareRuns: true,
    clock,
  });
  const wanted = settings.outputs.map((name) => model.signature.outputs.find((spec) => spec.name === name));
  const outputs = wanted.length > 0 ? wanted.filter((spec) => spec !== undefined) : model.signature.outputs;
  const parts = partsOf(settings.kept, outputs);
  return { plan, input, output, format: records, parts, fields, engine, clock, onProgress: options.onProgress };
}
