import type { APIGatewayProxyEvent } from 'aws-lambda';
import { hasExpired } from '../src/adapters/api-keys/has-expired.ts';
import { keyCaller } from '../src/adapters/api-keys/key-caller.ts';
import type { Policy } from '../src/adapters/api-keys/key-entry.ts';
import { policyOfPrincipal } from '../src/adapters/api-keys/policy-of-principal.ts';
import type { RecentPolicies } from '../src/adapters/api-keys/recent-policies.ts';
import { actions } from '../src/ports/authorize.ts';
import type { Caller } from '../src/ports/caller.ts';
import type { UsageOf } from '../src/ports/usage-of.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { callerOf } from './caller-of.ts';

export interface KnownCallers {
  /** Those of IAM principals; undefined: none comes by this way. */
  readonly policies: Pick<RecentPolicies, 'entries'> | undefined;
  /**
   * What callers have used, and what brings that up to date; undefined: nobody counts, and who has a quota may not
   * call.
   */
  readonly usage: { readonly of: UsageOf; ensure(): Promise<unknown> } | undefined;
}

// What writes models is for those alone of whom somebody said so.
const withoutPolicy = actions.filter((action) => action !== 'jobs');

/**
 * Who called, and what they may do: of a key what the authorizer says, of an IAM principal what the policies say. Who
 * has no policy may do all but have models made. Rejects with 401 where it is over, and where the policies cannot be
 * read; with 503 where what it says of use cannot be known.
 */
export async function callerIn(event: APIGatewayProxyEvent, known: KnownCallers): Promise<Caller> {
  const { authorizer } = event.requestContext;
  const { keyId, principal } = callerOf(event);
  const policy =
    typeof authorizer?.policy === 'string'
      ? (JSON.parse(authorizer.policy) as Policy)
      : await policyOf(principal, known.policies);
  if (!policy) return keyCaller({ name: principal ?? keyId ?? 'anybody', actions: withoutPolicy });
  if (hasExpired(policy, Date.now()))
    throw new ServiceError(401, `the policy '${policy.name}' was over at ${policy.expires}`, { caller: policy.name });
  if (!policy.quota && policy.dailyCost === undefined) return keyCaller(policy);
  if (!known.usage)
    throw new ServiceError(503, `the policy '${policy.name}' has a limit on use, and this deployment counts nobody's`);
  await known.usage.ensure();
  return keyCaller(policy, { usageOf: known.usage.of });
}

async function policyOf(
  principal: string | undefined,
  policies: KnownCallers['policies'],
): Promise<Policy | undefined> {
  if (principal === undefined || !policies) return undefined;
  return policyOfPrincipal(await policies.entries(), principal);
}
