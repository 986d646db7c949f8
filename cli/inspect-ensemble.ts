import { availableParallelism } from 'node:os';
import { createService } from '../src/adapters/create-service.ts';
import { loadOnUse } from '../src/adapters/load-on-use.ts';
import type { EnsembleConfig, ModelStore } from '../src/ports/model-store.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../src/settings.ts';
import { silentLog } from './silent-log.ts';

/** What there is to tell of a model that is made of others. */
export interface EnsembleInspection extends Pick<EnsembleConfig, 'steps'> {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * What a model that is made of others takes, gives and is made of. Its parts are loaded for that; rejects with an Error
 * where they do not fit.
 */
export async function inspectEnsemble(
  store: ModelStore,
  name: string,
  { steps }: EnsembleConfig,
): Promise<EnsembleInspection> {
  const { dataPlane, refresh } = createService({
    store: loadOnUse(store, { pinned: [], served: [] }),
    basePath: '',
    concurrency: 1,
    intraOpThreads: availableParallelism(),
    memoryBudget: Number.POSITIVE_INFINITY,
    limits: defaultLimits,
    engine: 'auto',
    log: silentLog,
  });
  await refresh();
  const { repository } = dataPlane;
  const { inputs, outputs } = await dataPlane.signature(repository.resolve(name));
  await repository.unload(name, repository.partsOf(name));
  return { inputs, outputs, steps };
}
