import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { Making } from '../src/ports/making.ts';
import { filesToPush } from './files-to-push.ts';
import type { Source } from './find-source.ts';
import { provenance } from './provenance.ts';
import { type StoredVersion, storeVersion } from './store-version.ts';
import { textsBeside } from './texts-beside.ts';

export interface MadeModel {
  readonly name: string;
  /** Undefined: the first that is free. */
  readonly version?: number | undefined;
  readonly source: Source;
  /** The model that was made of it. */
  readonly path: string;
  /** The `samples.jsonl` of the new version, where it has one. */
  readonly samples: string | undefined;
  readonly made: Making;
}

/** Stores a model that was made of another as a version, with the texts that were beside that one. */
export async function storeMade(
  uri: string,
  { name, version, source, path, samples, made }: MadeModel,
): Promise<StoredVersion> {
  const own = await filesToPush([path]);
  const texts = await textsBeside(source);
  const all = new Map([...texts, ...own.files, ...(samples === undefined ? [] : [[samplesFile, samples] as const])]);
  const origin = { ...(await provenance(uri, {})), made };
  return storeVersion(uri, { name, version, toPush: { ...own, files: all }, origin });
}
