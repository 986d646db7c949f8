import { createPublicKey, type KeyObject } from 'node:crypto';
import { algorithmOf } from './algorithm-of.ts';
import { fingerprintOf } from './fingerprint-of.ts';
import type { PublicKeys } from './public-keys.ts';

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** The public keys in a text of PEM, one after the other. Throws an Error that says what in `label` is none. */
export function parsePublicKeys(text: string, label: string): PublicKeys {
  const keys = [...text.matchAll(block)].map(([pem, kind]) => {
    if (kind !== 'PUBLIC KEY')
      throw new Error(`${label}: expected public keys (BEGIN PUBLIC KEY), got ${kind}: whoever checks signs nothing`);
    return read(pem, label);
  });
  if (keys.length === 0) throw new Error(`${label} holds no public key in PEM (BEGIN PUBLIC KEY)`);
  return new Map(keys.map((key) => [fingerprintOf(key), key]));
}

function read(pem: string, label: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new Error(`${label}: a public key cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (algorithmOf(key)) return key;
  const type = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType;
  throw new Error(`${label}: expected keys of Ed25519 or P-256, got one of ${type}`);
}
