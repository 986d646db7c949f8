import { parseS3Uri } from '../s3-model-store/parse-s3-uri.ts';
import { S3Client } from '../s3-model-store/s3-client.ts';
import { S3Exchange } from './s3-exchange.ts';

/**
 * Opens the exchange at an s3:// URI, with credentials and endpoint as the environment has them. Throws for a URI that
 * is none.
 */
export function openS3Exchange(uri: string): S3Exchange {
  const { bucket, prefix } = parseS3Uri(uri);
  const client = new S3Client(bucket, {
    environment: process.env,
    retries: { attempts: 5, firstPauseMs: 50, longestPauseMs: 1000 },
    silenceMs: 10_000,
  });
  return new S3Exchange(client, { prefix, urlSeconds: 15 * 60, requestsAtOnce: 12 });
}
