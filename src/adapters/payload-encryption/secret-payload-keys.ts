import { askAws } from '../aws/ask-aws.ts';
import { parsePayloadKeys } from './parse-payload-keys.ts';
import type { PayloadKey } from './payload-key.ts';

/**
 * The private keys that a secret of AWS Secrets Manager has in PEM, by its ARN. Rejects with an Error where it cannot
 * be read.
 */
export async function secretPayloadKeys(arn: string, environment: NodeJS.ProcessEnv): Promise<readonly PayloadKey[]> {
  const call = { service: 'secretsmanager', target: 'secretsmanager.GetSecretValue', input: { SecretId: arn } };
  const { SecretString } = await askAws(call, environment);
  return parsePayloadKeys(String(SecretString), 'the secret of the payload key');
}
