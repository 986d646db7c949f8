import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { gatewayCaller } from '../src/adapters/api-keys/gateway-caller.ts';
import { hasExpired } from '../src/adapters/api-keys/has-expired.ts';
import { hashKey } from '../src/adapters/api-keys/hash-key.ts';
import { RecentPolicies } from '../src/adapters/api-keys/recent-policies.ts';
import { needed } from './needed.ts';
import { pathPolicy } from './path-policy.ts';

const models = needed('TENSORGATE_MODELS');
const policies = new RecentPolicies(models);

/**
 * Tells API Gateway what a key may call, by the policies of the model repository; the function behind is told the
 * policy. A key without one may call all: whether there is such a key, and how often it may call, API Gateway knows by
 * its usage plan.
 *
 * Rejects where policies cannot be read: nobody passes then.
 */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const stageArn = event.methodArn.split('/', 2).join('/');
  const entry = await policies.ofKey(hashKey(keyIn(event.headers ?? {})).toString('hex'));
  if (!entry)
    return { principalId: 'key', policyDocument: every(stageArn, 'Allow'), context: { caller: gatewayCaller.words() } };
  const { sha256: _, ...policy } = entry;
  const { name } = policy;
  const caller = gatewayCaller.words(name);
  if (hasExpired(policy, Date.now()))
    return { principalId: name, policyDocument: every(stageArn, 'Deny'), context: { caller } };
  return {
    principalId: name,
    policyDocument: pathPolicy(stageArn, policy),
    context: { caller, policy: JSON.stringify(policy) },
  };
}

function keyIn(headers: Readonly<Record<string, string | undefined>>): string {
  const name = Object.keys(headers).find((each) => each.toLowerCase() === 'x-api-key');
  return (name && headers[name]) ?? '';
}

function every(stageArn: string, Effect: 'Allow' | 'Deny'): APIGatewayAuthorizerResult['policyDocument'] {
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: `${stageArn}/*` }],
  };
}
