import { refuseDeleted } from '../src/adapters/directory-model-store/refuse-deleted.ts';
import { versionExistsError } from '../src/adapters/directory-model-store/version-exists-error.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { versionLabel } from '../src/core/version-label.ts';

/**
 * Rejects with ServiceError 409 where a version that is to be made is there already, or was: whoever stores it would
 * say so too, but only after all the work.
 *
 * @param number undefined: the next that is free
 */
export async function checkFree(models: string, name: string, number: number | undefined): Promise<void> {
  if (number === undefined) return;
  const known = await openModelStore(models).find(name);
  if (!known) return;
  const label = versionLabel(name, number);
  if (known.versions.includes(number)) throw versionExistsError(label);
  refuseDeleted({ value: known }, number, label);
}
