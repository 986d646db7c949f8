import { elementText } from './element-text.ts';
import { S3Error } from './s3-error.ts';

/** What S3 says went wrong, by the status, the region that it names, and the XML of its answer. */
export function saidError(status: number, region: string | undefined, xml: string): S3Error {
  const code = elementText(xml, 'Code') ?? '';
  // S3 names the bucket's region where a request came by another one's door.
  const elsewhere = status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed';
  const hint = region && elsewhere ? `; the bucket is in ${region}: set AWS_REGION=${region}` : '';
  const said = [code, elementText(xml, 'Message')].filter(Boolean).join(': ');
  return new S3Error(status, code, `S3 answered ${status}${said && ` (${said})`}${hint}`);
}
