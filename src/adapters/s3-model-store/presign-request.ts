import { SignatureV4 } from '@smithy/signature-v4';
import type { Identity } from './identity.ts';
import { objectPath } from './object-path.ts';
import { queryText } from './query-text.ts';
import type { S3Request } from './s3-request.ts';
import { Sha256 } from './sha256.ts';

const contentHash = 'x-amz-content-sha256';
// It says how the content is signed, but is neither sent with the request nor part of the URL.
const unsent = new Set([contentHash]);

/**
 * Makes URLs by which whoever has them may do one thing to the bucket at `base`: the headers given must come with it.
 * Source: AWS, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
 */
export function requestPresigner(base: URL, { region, credentials }: Identity) {
  const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
  return async (request: S3Request, expiresIn: number, signingDate = new Date()): Promise<string> => {
    const path = objectPath(base, request.key);
    const { query } = await signer.presign(
      {
        method: request.method,
        protocol: base.protocol,
        hostname: base.hostname,
        path,
        query: { ...request.query },
        headers: { host: base.host, ...request.headers, [contentHash]: 'UNSIGNED-PAYLOAD' },
      },
      { expiresIn, signingDate, unsignableHeaders: unsent, unhoistableHeaders: unsent },
    );
    return base.origin + path + queryText(query as Record<string, string>);
  };
}
