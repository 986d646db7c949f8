import { createPrivateKey, type KeyObject } from 'node:crypto';
import { keyWrapOf } from './key-wrap-of.ts';
import type { PayloadKey } from './payload-key.ts';

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/**
 * The private keys in a text of PEM, one after the other: the first is that which callers should take. Throws an Error
 * that says what in `label` is none.
 */
export function parsePayloadKeys(text: string, label: string): readonly PayloadKey[] {
  const keys = [...text.matchAll(block)].map(([pem]) => keyOf(read(pem, label), label));
  if (keys.length > 0) return keys;
  throw new Error(`${label} holds no private key in PEM (BEGIN PRIVATE KEY)`);
}

function keyOf(privateKey: KeyObject, label: string): PayloadKey {
  const algorithm = keyWrapOf(privateKey);
  if (algorithm) return { privateKey, algorithm };
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
  const got = details?.namedCurve ?? (details?.modulusLength ? `${type} of ${details.modulusLength} bits` : type);
  throw new Error(`${label}: expected a key of RSA with 2048 bits or more, or of P-256; got one of ${got}`);
}

function read(pem: string, label: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${label} holds no private key in PEM without a passphrase: ${(cause as Error).message}`, {
      cause,
    });
  }
}
