import { S3Client } from './s3-client.ts';

/** A client for the bucket of a model repository, with credentials and endpoint as the environment has them. */
export function openRepositoryClient(bucket: string): S3Client {
  return new S3Client(bucket, {
    environment: process.env,
    // Some 6 s in all: S3 asks for patience with 503 Slow Down for about as long.
    retries: { attempts: 8, firstPauseMs: 50, longestPauseMs: 5000 },
    silenceMs: 10_000,
  });
}
