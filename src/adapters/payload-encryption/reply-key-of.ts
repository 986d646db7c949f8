import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import type { CompactJWEHeaderParameters } from 'jose';
import { ServiceError } from '../../protocol/service-error.ts';
import { keyWrapOf } from './key-wrap-of.ts';
import type { PayloadKey } from './payload-key.ts';

/** To whom an answer is encrypted, and how. */
export interface ReplyKey {
  readonly publicKey: KeyObject;
  readonly algorithm: PayloadKey['algorithm'];
  /** As the caller names it. */
  readonly kid: string | undefined;
}

/**
 * The key that the header of an encrypted request has for its answer: `reply_jwk`, a public key as a JWK, of P-256 or
 * RSA. The name is private, as RFC 7516 section 4.3 has it; what stands there cannot be changed without the key that
 * the request is encrypted with.
 */
export function replyKeyOf({ reply_jwk: jwk }: CompactJWEHeaderParameters): ReplyKey {
  const expected =
    'header reply_jwk: expected the public key, of P-256 or RSA with 2048 bits or more, that the answer is encrypted to';
  if (typeof jwk !== 'object' || jwk === null) throw new ServiceError(400, `${expected}; got none`);
  if ('d' in jwk)
    throw new ServiceError(400, `${expected}; got a private key: make another one, and send its public part`);
  const publicKey = read(jwk, expected);
  const algorithm = keyWrapOf(publicKey);
  if (!algorithm) throw new ServiceError(400, `${expected}; got one of another kind`);
  const kid = 'kid' in jwk && typeof jwk.kid === 'string' ? jwk.kid : undefined;
  return { publicKey, algorithm, kid };
}

function read(jwk: object, expected: string): KeyObject {
  try {
    return createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
  } catch (cause) {
    throw new ServiceError(400, `${expected}; got no key`, { cause });
  }
}
