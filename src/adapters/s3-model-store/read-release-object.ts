import type { ReleaseState } from '../../ports/model-store.ts';
import { readReleases } from '../directory-model-store/read-releases.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';

const maxBytes = 1024 * 1024;

interface Found {
  readonly value: ReleaseState;
  /** What is wrong with the object, where it does not hold. */
  readonly problem?: string;
  readonly exists: boolean;
  /** Headers on which what was read may be written over. */
  readonly condition: Readonly<Record<string, string>>;
}

/** The releases of a model whose `aliases.json` is the object `key`, as it is now. Rejects with an S3Error where it cannot be read. */
export async function readReleaseObject(client: S3Client, key: string): Promise<Found> {
  try {
    const { headers, body } = await client.ask({ method: 'GET', key }, maxBytes);
    const read = await readReleases(async () => body.toString());
    return { ...read, exists: true, condition: { 'if-match': headers.etag ?? '' } };
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'NoSuchKey') throw error;
    const none = await readReleases(async () => undefined);
    return { ...none, exists: false, condition: { 'if-none-match': '*' } };
  }
}
