import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { whyUnreadable } from '../why-unreadable.ts';
import { algorithmOf } from './algorithm-of.ts';
import { fingerprintOf } from './fingerprint-of.ts';
import { openKmsKey } from './open-kms-key.ts';
import type { SigningKey } from './signing-key.ts';

/**
 * Opens a key to sign with: a file with a private key in PEM (Ed25519, or ECDSA on P-256), or `kms:` and the id, alias
 * or ARN of a key of KMS; an ARN may stand alone. Rejects with an Error that says what was expected.
 */
export async function openSigningKey(place: string): Promise<SigningKey> {
  const kms = /^(?:kms:|(?=arn:[\w-]+:kms:))(.+)$/.exec(place)?.[1];
  return kms === undefined ? openFileKey(place) : openKmsKey(kms, process.env);
}

async function openFileKey(path: string): Promise<SigningKey> {
  const key = await readPrivateKey(path);
  const algorithm = algorithmOf(key);
  if (algorithm === undefined) {
    const type = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType;
    throw new Error(`${path}: expected a key of Ed25519 or P-256, got one of ${type}`);
  }
  const digest = algorithm === 'Ed25519' ? null : 'sha256';
  return {
    fingerprint: fingerprintOf(createPublicKey(key)),
    algorithm,
    sign: async (bytes) => sign(digest, bytes, key),
  };
}

async function readPrivateKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path).catch((cause) => {
    throw new Error(`the key to sign with: ${whyUnreadable(path, cause)}`, { cause });
  });
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(
      `${path} holds no private key in PEM without a passphrase; openssl genpkey -algorithm ed25519 -out key.pem makes one`,
      { cause },
    );
  }
}
