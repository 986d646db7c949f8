import type { ReleaseState } from '../../ports/model-store.ts';
import { readReleases } from '../directory-model-store/read-releases.ts';
import { type FoundText, findText } from './find-text.ts';
import type { S3Client } from './s3-client.ts';

const maxBytes = 1024 * 1024;

interface Found extends Pick<FoundText, 'condition'> {
  readonly value: ReleaseState;
  /** What is wrong with the object, where it does not hold. */
  readonly problem?: string;
  readonly exists: boolean;
}

/**
 * The releases of a model whose `aliases.json` is the object `key`, as it is now. Rejects with an S3Error where it
 * cannot be read.
 */
export async function readReleaseObject(client: S3Client, key: string): Promise<Found> {
  const { text, condition } = await findText(client, key, maxBytes);
  return { ...(await readReleases(async () => text)), exists: text !== undefined, condition };
}
