import { SignatureV4 } from '@smithy/signature-v4';
import type { Identity } from './identity.ts';
import { objectPath } from './object-path.ts';
import { queryText } from './query-text.ts';
import type { S3Request } from './s3-request.ts';
import { Sha256 } from './sha256.ts';

/** A request as it goes over the wire. */
export interface SignedRequest {
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

// Content is checked by what S3 stores beside it, and in transit by TLS: signing it as well would need another pass
// over it.
const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };

/** Signs requests to the bucket at `base` with AWS Signature Version 4. */
export function requestSigner(base: URL, { region, credentials }: Identity) {
  const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
  return async (request: S3Request, signingDate = new Date()): Promise<SignedRequest> => {
    const query = { ...request.query };
    const path = objectPath(base, request.key);
    const { headers } = await signer.sign(
      {
        method: request.method,
        protocol: base.protocol,
        hostname: base.hostname,
        path,
        query,
        headers: { host: base.host, ...unsigned, ...request.headers },
      },
      { signingDate },
    );
    return { path: path + queryText(query), headers };
  };
}
