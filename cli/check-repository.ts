import { stat } from 'node:fs/promises';
import { placeOf } from '../src/adapters/place-of.ts';

/** Rejects with an Error where a model repository is to be a directory of this machine, and there is none; a bucket is asked when it is read. */
export async function checkRepository(uri: string): Promise<void> {
  const place = placeOf(uri);
  if ('s3' in place) return;
  const status = await stat(place.path).catch(() => undefined);
  if (!status?.isDirectory()) throw new Error(`the model repository ${uri} cannot be read: is it a directory?`);
}
