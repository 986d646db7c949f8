import { S3Error } from './s3-error.ts';

/** What a connection failed with, as an S3Error of status 0; an S3Error or an AbortError as it is. */
export function asS3Error(error: NodeJS.ErrnoException): Error {
  if (error instanceof S3Error || error.name === 'AbortError') return error;
  return new S3Error(0, error.code ?? 'Cut', `the connection to S3 failed (${error.code ?? error.message})`, {
    cause: error,
  });
}
