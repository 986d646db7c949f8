import { createHash } from 'node:crypto';
import type { StoredFile } from '../../ports/object-store.ts';

/** Tells one content of a file from every other: work files of an earlier upload are not taken for this one's. */
export function contentDigest({ key, version }: StoredFile): string {
  return createHash('sha256')
    .update(JSON.stringify([key, version]))
    .digest('hex')
    .slice(0, 16);
}
