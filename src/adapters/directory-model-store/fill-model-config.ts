import type { ModelConfig } from '../../ports/model-store.ts';

/** `model.json` as it is written. */
export interface ModelConfigFile extends Partial<Omit<ModelConfig, 'versionPolicy'>> {
  readonly versionPolicy?: 'all' | { readonly latest: number } | { readonly specific: readonly number[] };
}

/** The settings that a model.json gives, with defaults for what it leaves out. */
export function fillModelConfig({ versionPolicy, ...file }: ModelConfigFile): ModelConfig {
  return {
    versionPolicy: policy(versionPolicy),
    load: file.load ?? 'start',
    pinned: file.pinned ?? false,
    intraOpThreads: file.intraOpThreads ?? 0,
    responseCache: file.responseCache ?? false,
    warmupShapes: file.warmupShapes ?? {},
    labels: file.labels ?? {},
  };
}

function policy(given: ModelConfigFile['versionPolicy'] = { latest: 1 }): ModelConfig['versionPolicy'] {
  if (given === 'all') return { kind: 'all' };
  if ('latest' in given) return { kind: 'latest', count: given.latest };
  return { kind: 'specific', versions: given.specific };
}
