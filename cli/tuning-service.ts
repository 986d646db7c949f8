import { createService } from '../src/adapters/create-service.ts';
import type { DataPlane } from '../src/core/data-plane.ts';
import type { ModelVersion } from '../src/core/model-version.ts';
import type { TunableSettings } from '../src/core/tuning/tunable-settings.ts';
import { withBatchSize } from '../src/core/tuning/with-batch-size.ts';
import type { ModelConfig, ModelStore, StoredModel } from '../src/ports/model-store.ts';
import { defaultLimits } from '../src/settings.ts';
import { defaultRuns } from './default-runs.ts';
import { onlyVersion } from './only-version.ts';
import { silentLog } from './silent-log.ts';

/** A model as `serve` has it without options, and without HTTP. */
export interface TuningService {
  readonly dataPlane: DataPlane;
  readonly version: ModelVersion;
  close(): Promise<void>;
}

/** Loads a version of a model with `settings` in place of those of its model.json. Rejects where it does not load. */
export async function openTuningService(
  store: ModelStore,
  model: StoredModel,
  number: number,
  settings: TunableSettings,
): Promise<TuningService> {
  const { dataPlane, refresh } = createService({
    store: onlyVersion(store, model, number, tuned(model, settings)),
    basePath: '',
    concurrency: defaultRuns,
    intraOpThreads: 1,
    memoryBudget: Number.MAX_SAFE_INTEGER,
    limits: defaultLimits,
    engine: 'auto',
    log: silentLog,
  });
  await refresh();
  const { repository } = dataPlane;
  const version = repository.resolve(model.name, String(number));
  await dataPlane.signature(version);
  return { dataPlane, version, close: () => repository.unload(model.name) };
}

function tuned({ config: { batching, queue } }: StoredModel, settings: TunableSettings): Partial<ModelConfig> {
  return {
    intraOpThreads: settings.intraOpThreads,
    runsAtOnce: settings.runsAtOnce,
    batching: withBatchSize(batching, settings.maxBatchSize),
    // However long they wait, all are answered: that they wait too long is what is measured.
    queue: { ...queue, maxSize: 0, timeoutMs: 0, priorities: {} },
  };
}
