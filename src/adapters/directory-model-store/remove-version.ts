import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../protocol/service-error.ts';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import { removeLeftovers } from '../s3-model-store/remove-leftovers.ts';
import { unlessMissing } from '../unless-missing.ts';

/**
 * Removes the folder of a version, if it is there, under a hidden name first: it is never seen in part. What processes
 * that were killed left goes too.
 */
export async function removeVersion(folder: string, version: number, label: string): Promise<void> {
  const hidden = join(folder, hiddenName());
  try {
    await rename(join(folder, String(version)), hidden).catch(unlessMissing);
    await rm(hidden, { recursive: true, force: true });
    await removeLeftovers(folder).catch(unlessMissing);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ServiceError(503, `${label} cannot be removed (${code}); delete it again`, { cause });
  }
}
