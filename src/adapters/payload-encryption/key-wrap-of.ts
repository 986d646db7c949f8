import type { KeyObject } from 'node:crypto';
import type { PayloadKey } from './payload-key.ts';

// Source: NIST SP 800-131A: less is not to be used.
const leastRsaBits = 2048;

/**
 * How content keys are wrapped for a key; undefined for one that nothing should be encrypted to. Source: RFC 7518,
 * sections 4.3 and 4.6.
 */
export function keyWrapOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): PayloadKey['algorithm'] | undefined {
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= leastRsaBits) return 'RSA-OAEP-256';
  return type === 'ec' && details?.namedCurve === 'prime256v1' ? 'ECDH-ES+A256KW' : undefined;
}
