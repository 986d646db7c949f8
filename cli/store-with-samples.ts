import type { Sample } from '../src/core/releases/sample.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { Making } from '../src/ports/making.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import { filesToPush } from './files-to-push.ts';
import { keptSamples } from './kept-samples.ts';
import { provenance } from './provenance.ts';
import { type StoredVersion, storeVersion } from './store-version.ts';

export interface ModelToStore {
  readonly name: string;
  /** Undefined: the first that is free. */
  readonly version: number | undefined;
  /** The file of the model. */
  readonly path: string;
  /** Texts beside it, by their names there, and where they are now. */
  readonly texts: ReadonlyMap<string, string>;
  /** Of which it keeps some, with what it answers. */
  readonly samples: readonly Sample[];
  /** For the file of these, until it is stored. */
  readonly folder: string;
  readonly origin: Pick<VersionManifest, 'metrics'> & { readonly made: Making };
}

/**
 * Stores a model that was made here as a version, with the texts beside it and a `samples.jsonl`. Rejects where it
 * cannot be loaded or run.
 */
export async function storeWithSamples(uri: string, toStore: ModelToStore): Promise<StoredVersion> {
  const { name, version, path, texts, samples, folder } = toStore;
  const kept = samples.length === 0 ? undefined : await keptSamples(path, samples, folder);
  const own = await filesToPush([path]);
  const files = new Map([...texts, ...own.files, ...(kept === undefined ? [] : [[samplesFile, kept] as const])]);
  const origin = { ...(await provenance(uri, {})), ...toStore.origin };
  return storeVersion(uri, { name, version, toPush: { ...own, files }, origin });
}
