import { stat } from 'node:fs/promises';
import { noRepository } from '../src/adapters/directory-model-store/no-repository.ts';
import { placeOf } from '../src/adapters/place-of.ts';

/**
 * Rejects with an Error where a model repository is to be a directory of this machine, and there is none; a bucket is
 * asked when it is read.
 */
export async function checkRepository(uri: string): Promise<void> {
  const place = placeOf(uri);
  if ('s3' in place) return;
  const status = await stat(place.path).catch((cause) => {
    throw noRepository(uri, cause);
  });
  if (!status.isDirectory()) throw noRepository(uri, { code: 'ENOTDIR' });
}
