import type { MeasuredVersion } from '../src/core/releases/compare-metrics.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import { readManifest } from './read-manifest.ts';

/** What a version's manifest says of how good it is; nothing where it has none. */
export async function measuredVersion(store: ModelStore, name: string, version: number): Promise<MeasuredVersion> {
  return { ...(await readManifest(store, name, version)), version };
}
