import { SignatureV4 } from '@smithy/signature-v4';
import { resolveIdentity } from '../s3-model-store/resolve-identity.ts';
import { Sha256 } from '../s3-model-store/sha256.ts';

/** A call of a service that speaks AWS JSON 1.1. */
export interface AwsCall {
  /** As its endpoint and its signatures name it, such as `kms`. */
  readonly service: string;
  /** Such as `TrentService.Sign`. */
  readonly target: string;
  readonly input: object;
  /** @default the environment's */
  readonly region?: string | undefined;
}

const patienceMs = 10_000;

/** Asks a service of AWS once, with the environment's credentials and endpoint. Rejects with an Error that says what AWS says. */
export async function askAws(
  { service, target, input, region: wanted }: AwsCall,
  environment: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, unknown>>> {
  const { region: own, credentials } = await resolveIdentity(environment);
  const region = wanted ?? own;
  const endpoint = environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || environment.AWS_ENDPOINT_URL;
  const suffix = region.startsWith('cn-') ? '.cn' : '';
  const url = new URL(endpoint ?? `https://${service}.${region}.amazonaws.com${suffix}/`);
  const body = JSON.stringify(input);
  const { headers } = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body,
  });
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patienceMs) });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said as Readonly<Record<string, unknown>>;
  const { __type: type = `HTTP ${answer.status}`, message, Message } = said as Record<string, string>;
  const what = [type.replace(/^.*#/, ''), message ?? Message].filter(Boolean).join(': ');
  throw new Error(`${service} of AWS refuses ${target.replace(/^.*\./, '')}: ${what}`);
}
