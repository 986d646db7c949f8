import { hexDigest } from '../hex-digest.ts';
import type { CacheEntry } from './cache-entry.ts';
import type { VersionObjects } from './version-objects.ts';

/**
 * What the cache calls a version: a name that changes with any object's key, length or ETag, and ends in the bytes of
 * all.
 */
export function entryOf(bucket: string, name: string, version: number, objects: VersionObjects): CacheEntry {
  const bytes = [...objects.values()].reduce((sum, object) => sum + object.bytes, 0);
  const content = [...objects.values()].map((object) => [object.key, object.bytes, object.etag]).sort();
  const digest = hexDigest(JSON.stringify([bucket, content])).slice(0, 32);
  return { name: `${name}-${version}-${digest}-${bytes}`, bytes };
}
