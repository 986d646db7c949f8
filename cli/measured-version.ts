import type { MeasuredVersion } from '../src/core/releases/compare-metrics.ts';
import { estimateOf } from '../src/core/training/estimate-of.ts';
import { measures } from '../src/core/training/measures.ts';
import type { Making } from '../src/ports/making.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import { readManifest } from './read-manifest.ts';

/** What of another model was judged by that, sample by sample, before it was stored. */
const judgedBySource: readonly (Making['by'] | undefined)[] = ['optimize', 'prune', 'distil', 'split'];
/** What `made` calls a version of the repository, and no file. */
const storedVersion = /^([^\\/]+)@(\d+)$/;

/**
 * What is known of how good a version is: what its manifest says, or, where nothing was measured of it, what is said of
 * the version that it was made of and judged by.
 */
export async function measuredVersion(store: ModelStore, name: string, version: number): Promise<MeasuredVersion> {
  const own: Partial<VersionManifest> = (await readManifest(store, name, version)) ?? {};
  let manifest: Partial<VersionManifest> | undefined = own;
  let source: string | undefined;
  // What manifests say may go round in a circle.
  const seen = new Set<string | undefined>();
  while (manifest && !isMeasured(manifest)) {
    source = sourceOf(manifest);
    const [, model, number] = storedVersion.exec(source ?? '') ?? [];
    manifest = model === undefined || seen.has(source) ? undefined : await readManifest(store, model, Number(number));
    seen.add(source);
  }
  const { metrics, made } = manifest ?? own;
  return {
    version,
    ...(metrics && { metrics }),
    ...(made && { made }),
    ...(manifest && source !== undefined && { measuredOf: source }),
  };
}

function isMeasured({ metrics = {} }: Partial<VersionManifest>): boolean {
  return measures.some(({ key }) => estimateOf(metrics[key]));
}

function sourceOf({ made }: Partial<VersionManifest>): string | undefined {
  return judgedBySource.includes(made?.by) && made?.unverified !== true ? made?.source.name : undefined;
}
