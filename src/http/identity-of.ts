import type { CallerIdentity } from '../core/canary/caller-identity.ts';
import type { HttpRequest } from './http-message.ts';

/**
 * What a request is known by. A host may number requests itself: the id that the caller gave is what stays the same.
 */
export function identityOf({ caller, headers, requestId, onChosen }: HttpRequest): CallerIdentity {
  const given = headers['x-request-id'];
  return { caller: caller?.name, id: typeof given === 'string' ? given : requestId, onChosen };
}
