import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';

/** The ETag of an object as it is now, without its bytes; undefined where there is none. Rejects with an S3Error. */
export async function newestEtag(client: S3Client, key: string): Promise<string | undefined> {
  try {
    return (await client.ask({ method: 'HEAD', key }, 0)).headers.etag;
  } catch (error) {
    if (error instanceof S3Error && error.status === 404) return undefined;
    throw error;
  }
}
