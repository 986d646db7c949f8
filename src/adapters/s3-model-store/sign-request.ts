import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Identity } from './identity.ts';
import { percentEncode } from './percent-encode.ts';
import type { S3Request } from './s3-request.ts';

/** A request as it goes over the wire. */
export interface SignedRequest {
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

// Content is checked by what S3 stores beside it, and in transit by TLS: signing it as well would need another pass over it.
const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };

/** Signs requests to the bucket at `base` with AWS Signature Version 4. */
export function requestSigner(base: URL, { region, credentials }: Identity) {
  const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
  return async (request: S3Request, signingDate = new Date()): Promise<SignedRequest> => {
    const query = { ...request.query };
    const path = base.pathname + (request.key ?? '').split('/').map(percentEncode).join('/');
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
    const search = Object.entries(query).map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
    return { path: search.length > 0 ? `${path}?${search.join('&')}` : path, headers };
  };
}

/** The hash of node:crypto in the form that the signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Uint8Array);
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}
