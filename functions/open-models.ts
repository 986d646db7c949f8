import { openModelStore } from '../src/adapters/open-model-store.ts';
import { onlySigned } from '../src/adapters/signatures/only-signed.ts';
import { parsePublicKeys } from '../src/adapters/signatures/parse-public-keys.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import type { Environment } from './read-environment.ts';

/**
 * The models of the bucket, of which each look makes a listing of its own: signed versions alone where the deployment
 * asks for that.
 */
export function openModels({ models, served, signingKeys }: Environment): ModelStore {
  const store = openModelStore(models, { refreshMs: 0, ...(served.length > 0 && { names: served }) });
  if (signingKeys === undefined) return store;
  // An environment's /tmp is its own.
  return onlySigned(store, { keys: parsePublicKeys(signingKeys, 'TENSORGATE_SIGNING_KEYS'), copies: undefined });
}
