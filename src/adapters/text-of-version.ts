import type { ModelStore } from '../ports/model-store.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** A text file of a version; undefined where it has none of that name. */
export async function textOfVersion(
  store: ModelStore,
  name: string,
  version: number,
  file: string,
): Promise<string | undefined> {
  return store.readText(name, version, file).catch((error) => {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  });
}
