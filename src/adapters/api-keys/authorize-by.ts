import { TokenBucket } from '../../core/token-bucket.ts';
import type { Authorize } from '../../ports/authorize.ts';
import type { Caller } from '../../ports/caller.ts';
import type { UsageOf } from '../../ports/usage-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { hasExpired } from './has-expired.ts';
import { hashKey } from './hash-key.ts';
import { keyCaller } from './key-caller.ts';
import type { KeyEntry } from './key-entry.ts';
import { keyOf } from './key-of.ts';

export interface AuthorizeOptions {
  /** What callers have used. @default nobody counts: quotas and costs are not asked for */
  readonly usageOf?: UsageOf | undefined;
  /** What lets requests through, by name and rate; kept where the entries are read again. @default new ones */
  readonly buckets?: Map<string, TokenBucket>;
  /** @default the clock on the wall */
  readonly now?: () => number;
}

interface KnownKey {
  readonly caller: Caller;
  readonly entry: KeyEntry;
}

/**
 * A check of callers against `entries`; those without a key are passed over. It looks for the hash of a key: how long
 * that takes tells nothing of how near a key is to one that is known.
 */
export function authorizeBy(entries: readonly KeyEntry[], options: AuthorizeOptions = {}): Authorize {
  const { usageOf, buckets = new Map(), now = Date.now } = options;
  const known = new Map<string, KnownKey>();
  for (const entry of entries) {
    if (entry.sha256 === undefined) continue;
    const caller = keyCaller(entry, { usageOf, now, bucket: bucketOf(entry, buckets) });
    known.set(entry.sha256, { caller, entry });
  }
  return (headers) => {
    const key = keyOf(headers);
    if (key === undefined)
      throw new ServiceError(401, 'an API key is needed: send x-api-key, or authorization: Bearer');
    const found = known.get(hashKey(key).toString('hex'));
    if (!found) throw new ServiceError(401, 'the API key is not known here, or was revoked');
    const { caller, entry } = found;
    if (hasExpired(entry, now()))
      throw new ServiceError(401, `the API key '${caller.name}' expired at ${entry.expires}`, { caller: caller.name });
    return caller;
  };
}

function bucketOf({ name, rate }: KeyEntry, buckets: Map<string, TokenBucket>): TokenBucket | undefined {
  if (!rate) return undefined;
  const id = JSON.stringify([name, rate]);
  const bucket = buckets.get(id) ?? new TokenBucket(rate, () => performance.now());
  buckets.set(id, bucket);
  return bucket;
}
