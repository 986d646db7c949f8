import { type Authorize, actions } from '../../ports/authorize.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { callerHeaders } from '../../settings.ts';
import type { AuthorizeOptions } from './authorize-by.ts';
import { gatewayCaller } from './gateway-caller.ts';
import { hasExpired } from './has-expired.ts';
import { keyCaller } from './key-caller.ts';
import type { KeyEntry } from './key-entry.ts';
import { policyOfPrincipal } from './policy-of-principal.ts';

/**
 * Tells callers as API Gateway does, in headers that it alone can set: nobody else may reach the server. Who has no
 * policy may do all, as far as the key's usage plan, or IAM, lets them.
 */
export function authorizeGateway(
  entries: readonly KeyEntry[],
  { usageOf, now = Date.now }: Pick<AuthorizeOptions, 'usageOf' | 'now'> = {},
): Authorize {
  const ofKeys = new Map(entries.filter(({ sha256 }) => sha256 !== undefined).map((entry) => [entry.name, entry]));
  return (headers) => {
    const caller = headers[callerHeaders.caller];
    const keyId = headers[callerHeaders.keyId];
    if (typeof caller !== 'string' || caller === '')
      throw new ServiceError(401, 'callers come by API Gateway here, which says who they are; this call did not');
    const read = gatewayCaller.read(caller);
    const ofKey = read && 'policy' in read ? read.policy : undefined;
    const entry = ofKey === undefined ? policyOfPrincipal(entries, caller) : ofKeys.get(ofKey);
    if (!entry) {
      // API Gateway may go by what it was told a while ago.
      if (ofKey !== undefined)
        throw new ServiceError(401, 'the API key is not known here, or was revoked', { caller: ofKey });
      return keyCaller({ name: read && typeof keyId === 'string' ? keyId : caller, actions });
    }
    if (hasExpired(entry, now()))
      throw new ServiceError(401, `the policy '${entry.name}' was over at ${entry.expires}`, { caller: entry.name });
    return keyCaller(entry, { usageOf, now });
  };
}
