import { join } from 'node:path';
import type { ModelStore } from '../../ports/model-store.ts';
import { placeOf } from '../place-of.ts';
import { defaultCacheFolder } from '../s3-model-store/default-cache-folder.ts';
import { onlySigned } from './only-signed.ts';
import { readPublicKeys } from './read-public-keys.ts';

/** The store at `uri`, but that it gives out signed versions alone. Rejects as `readPublicKeys`. */
export async function requireSigned(store: ModelStore, uri: string, keysPlace: string): Promise<ModelStore> {
  const keys = await readPublicKeys(keysPlace);
  // What comes from a bucket lies in this user's cache already.
  const copies = 's3' in placeOf(uri) ? undefined : join(defaultCacheFolder(process.env), 'signed');
  return onlySigned(store, { keys, copies });
}
