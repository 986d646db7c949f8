import type { FoundText } from './find-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { storeMarked } from './store-marked.ts';

/**
 * Stores a text object over what was found there; false where another was there first. Rejects with an S3Error where it
 * cannot be stored.
 */
export async function storeText(
  client: S3Client,
  key: string,
  text: string,
  condition: FoundText['condition'],
): Promise<boolean> {
  const body = Buffer.from(text);
  try {
    return await storeMarked(client, key, async (headers) => {
      await client.ask({ method: 'PUT', key, body, headers: { ...headers, ...condition } });
    });
  } catch (error) {
    // 404: somebody has removed it meanwhile.
    if (error instanceof S3Error && [404, 412].includes(error.status) && error.code !== 'NoSuchBucket') return false;
    throw error;
  }
}
