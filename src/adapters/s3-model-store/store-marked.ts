import { randomUUID } from 'node:crypto';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';

/**
 * Stores an object by `store`, which gives it the headers it is handed. False where S3 says that there is one already.
 *
 * The headers are a mark of this upload's own: where S3 says that the object exists after an answer was lost, the mark
 * tells whether it is this very one. Rejects with what `store` rejects with.
 */
export async function storeMarked(
  client: S3Client,
  key: string,
  store: (headers: Readonly<Record<string, string>>) => Promise<void>,
): Promise<boolean> {
  const mark = randomUUID();
  try {
    await store({ 'x-amz-meta-upload': mark });
    return true;
  } catch (error) {
    if (!(error instanceof S3Error) || ![404, 409, 412].includes(error.status)) throw error;
    const found = await client.ask({ method: 'HEAD', key }).catch((reason) => reason);
    if (!(found instanceof Error)) return found.headers['x-amz-meta-upload'] === mark;
    // There was one, and it was removed since.
    if (error.status === 412 && found instanceof S3Error && found.status === 404) return false;
    throw error;
  }
}
