import { SignatureV4 } from '@smithy/signature-v4';
import { resolveIdentity } from '../s3-model-store/resolve-identity.ts';
import { Sha256 } from '../s3-model-store/sha256.ts';

export interface SignedPost {
  /** As its endpoint and its signatures name it, such as `kms`. */
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** @default the environment's */
  readonly region?: string | undefined;
  /** How long the answer may take. */
  readonly patienceMs: number;
}

/**
 * Posts to a service of AWS once, with the environment's credentials and endpoint. Rejects where there are no
 * credentials, or it cannot be reached.
 */
export async function postSigned(
  { service, headers: given, body, region: wanted, patienceMs }: SignedPost,
  environment: NodeJS.ProcessEnv,
): Promise<Response> {
  const { region: own, credentials } = await resolveIdentity(environment);
  const region = wanted ?? own;
  const endpoint = environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || environment.AWS_ENDPOINT_URL;
  const suffix = region.startsWith('cn-') ? '.cn' : '';
  const url = new URL(endpoint ?? `https://${service}.${region}.amazonaws.com${suffix}/`);
  const { headers } = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, ...given },
    body,
  });
  return fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patienceMs) });
}
