import type { IncomingMessage } from 'node:http';
import { maxErrorBytes } from './max-error-bytes.ts';
import { readBody } from './read-body.ts';
import type { S3Error } from './s3-error.ts';
import { saidError } from './said-error.ts';

/** What S3 says went wrong. */
export async function readError(answer: IncomingMessage): Promise<S3Error> {
  const xml = await readBody(answer, maxErrorBytes).then(String, () => '');
  const region = answer.headers['x-amz-bucket-region'];
  return saidError(answer.statusCode ?? 0, typeof region === 'string' ? region : undefined, xml);
}
