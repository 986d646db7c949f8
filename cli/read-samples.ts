import { textOfVersion } from '../src/adapters/text-of-version.ts';
import { parseSamples } from '../src/core/releases/parse-samples.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { ModelStore } from '../src/ports/model-store.ts';

/** The samples beside a version; undefined where it has none. Rejects with an Error where they do not hold. */
export async function readSamples(
  store: ModelStore,
  name: string,
  version: number,
): Promise<readonly Sample[] | undefined> {
  const text = await textOfVersion(store, name, version, samplesFile);
  return text === undefined ? undefined : parseSamples(text);
}
