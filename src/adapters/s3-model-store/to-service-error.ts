import { ServiceError } from '../../protocol/service-error.ts';
import { ChangedError } from './changed-error.ts';
import { CorruptError } from './corrupt-error.ts';
import { S3Error } from './s3-error.ts';

/**
 * What a failure of S3, of the network or of the disk means for whoever wanted `what` to be read, stored or removed;
 * the details stay in the cause.
 */
export function toServiceError(
  what: string,
  deed: 'read from' | 'stored in' | 'removed from',
  error: unknown,
): ServiceError {
  if (error instanceof ServiceError) {
    const { status, message, retryAfterSeconds = 1 } = error;
    return new ServiceError(status, `${what}: ${message}`, { cause: error, retryAfterSeconds });
  }
  return new ServiceError(503, `${what} cannot be ${deed} S3: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  if (error instanceof ChangedError) return 'its objects change while they are read; versions are never overwritten';
  if (error instanceof CorruptError) return 'what came does not match its checksum; store it again';
  if (error instanceof S3Error) return s3Reason(error);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk of the cache is full';
  return code ? `the cache cannot be written (${code})` : message;
}

function s3Reason({ status, code, message }: S3Error): string {
  if (status === 403)
    return `access is denied${code && ` (${code})`}: check the credentials, and what they allow on the bucket`;
  if (code === 'NoSuchBucket') return 'there is no such bucket';
  return message;
}
