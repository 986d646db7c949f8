import type { StoredFile } from '../../ports/object-store.ts';
import { hexDigest } from '../hex-digest.ts';

/** Tells one content of a file from every other: work files of an earlier upload are not taken for this one's. */
export function contentDigest({ key, version }: StoredFile): string {
  return hexDigest(JSON.stringify([key, version])).slice(0, 16);
}
