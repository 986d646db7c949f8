import type { ModelConfigFile } from '../src/adapters/directory-model-store/fill-model-config.ts';
import type { TunableSettings } from '../src/core/tuning/tunable-settings.ts';
import { withBatchSize } from '../src/core/tuning/with-batch-size.ts';

/** A `model.json`, and what was changed in it. */
export interface MergedSettings {
  readonly file: ModelConfigFile;
  /** One for each setting, such as `runsAtOnce: not set → 2`. */
  readonly changes: readonly string[];
}

/** Puts settings into what a `model.json` has; all else stays as it is. */
export function mergeSettings(file: ModelConfigFile, settings: TunableSettings): MergedSettings {
  const changes: string[] = [];
  const isChanged = (name: string, before: number | undefined, after: number) => {
    if ((before ?? 0) === after) return false;
    changes.push(`${name}: ${before ?? 'not set'} → ${after}`);
    return true;
  };
  let merged = file;
  for (const name of ['intraOpThreads', 'runsAtOnce'] as const) {
    if (isChanged(name, file[name], settings[name])) merged = { ...merged, [name]: settings[name] };
  }
  const { maxBatchSize } = settings;
  if (isChanged('batching.maxBatchSize', file.batching?.maxBatchSize, maxBatchSize)) {
    // Without its mode, a version that could not be batched would not load any more.
    merged = { ...merged, batching: withBatchSize(file.batching ?? { mode: 'auto' }, maxBatchSize) };
    const [before, after] = [file, merged].map(({ batching }) => batching?.preferredBatchSizes?.join(', '));
    if (before !== after)
      changes.push(`batching.preferredBatchSizes: ${before} → ${after || 'none'}, as no run has more rows`);
  }
  return { file: merged, changes };
}
