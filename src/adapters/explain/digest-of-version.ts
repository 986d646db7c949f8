import type { ModelStore } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** What a version's files are, as the store tells of them; undefined where there is no such version. */
export async function digestOfVersion(store: ModelStore, name: string, version: number): Promise<string | undefined> {
  return store.digest(name, version).catch((error) => {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  });
}
