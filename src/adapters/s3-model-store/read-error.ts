import type { IncomingMessage } from 'node:http';
import { elementText } from './element-text.ts';
import { readBody } from './read-body.ts';
import { S3Error } from './s3-error.ts';

const maxErrorBytes = 64 * 1024;

/** What S3 says went wrong. */
export async function readError(answer: IncomingMessage): Promise<S3Error> {
  const status = answer.statusCode ?? 0;
  const xml = await readBody(answer, maxErrorBytes).then(String, () => '');
  const region = answer.headers['x-amz-bucket-region'];
  const code = elementText(xml, 'Code') ?? '';
  // S3 names the bucket's region where a request came by another one's door.
  const elsewhere = status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed';
  const hint = region && elsewhere ? `; the bucket is in ${region}: set AWS_REGION=${region}` : '';
  const said = [code, elementText(xml, 'Message')].filter(Boolean).join(': ');
  return new S3Error(status, code, `S3 answered ${status}${said && ` (${said})`}${hint}`);
}
