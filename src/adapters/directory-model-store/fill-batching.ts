import type { BatchingConfig } from '../../ports/model-store.ts';

/** `batching` of a `model.json` as it is written. */
export interface BatchingFile extends Partial<Omit<BatchingConfig, 'padding'>> {
  readonly padding?: {
    readonly inputs: Readonly<Record<string, { readonly axis: number; readonly value?: number }>>;
    readonly outputs?: BatchingConfig['padding']['outputs'];
  };
}

/** How requests share runs, by what a `model.json` says of it: whoever says how wants that they do. */
export function fillBatching(file: BatchingFile | undefined): BatchingConfig {
  const { padding, ...settings } = file ?? {};
  const inputs = Object.entries(padding?.inputs ?? {}).map(([name, { axis, value = 0 }]) => [name, { axis, value }]);
  return {
    mode: file && Object.keys(file).length > 0 ? 'on' : 'auto',
    maxBatchSize: 0,
    maxQueueDelayMs: 0,
    preferredBatchSizes: [],
    rowsApart: false,
    ...settings,
    padding: { inputs: Object.fromEntries(inputs), outputs: padding?.outputs ?? {} },
  };
}
