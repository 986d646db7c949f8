import { SignatureV4 } from '@smithy/signature-v4';
import { resolveIdentity } from '../s3-model-store/resolve-identity.ts';
import { Sha256 } from '../s3-model-store/sha256.ts';

const patienceMs = 5000;
const body = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * The ARN of the IAM principal that the environment's credentials are of; undefined where STS says none. Anyone may ask.
 * Rejects where STS cannot be reached, or there are no credentials. Source: AWS STS API, GetCallerIdentity.
 */
export async function callerIdentity(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { region, credentials } = await resolveIdentity(environment);
  const suffix = region.startsWith('cn-') ? '.cn' : '';
  const own = environment.AWS_ENDPOINT_URL_STS || environment.AWS_ENDPOINT_URL;
  const url = new URL(own ?? `https://sts.${region}.amazonaws.com${suffix}/`);
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patienceMs) });
  return /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
}
