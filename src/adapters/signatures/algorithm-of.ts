import type { KeyObject } from 'node:crypto';

export type SignatureAlgorithm = 'Ed25519' | 'ECDSA-P256-SHA256';

/** What a key signs by; undefined for one that signatures of versions are not made with. */
export function algorithmOf(key: KeyObject): SignatureAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519';
  const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return isP256 ? 'ECDSA-P256-SHA256' : undefined;
}
