import type { Authorize } from '../../ports/authorize.ts';
import type { Caller } from '../../ports/caller.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { hashKey } from './hash-key.ts';
import { keyCaller } from './key-caller.ts';
import type { KeyEntry } from './key-entry.ts';
import { keyOf } from './key-of.ts';

interface KnownKey {
  readonly caller: Caller;
  readonly expires: string | undefined;
}

/**
 * A check of callers against `entries`. It looks for the hash of a key: how long that takes tells nothing of how near a key is to one
 * that is known.
 */
export function authorizeBy(entries: readonly KeyEntry[], now = Date.now): Authorize {
  const known = new Map<string, KnownKey>();
  for (const entry of entries) known.set(entry.sha256, { caller: keyCaller(entry), expires: entry.expires });
  return (headers) => {
    const key = keyOf(headers);
    if (key === undefined)
      throw new ServiceError(401, 'an API key is needed: send x-api-key, or authorization: Bearer');
    const found = known.get(hashKey(key).toString('hex'));
    if (!found) throw new ServiceError(401, 'the API key is not known here, or was revoked');
    const { caller, expires } = found;
    if (expires !== undefined && Date.parse(expires) <= now())
      throw new ServiceError(401, `the API key '${caller.name}' expired at ${expires}`, { caller: caller.name });
    return caller;
  };
}
