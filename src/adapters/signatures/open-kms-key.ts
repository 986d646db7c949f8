import { createPublicKey } from 'node:crypto';
import { askAws } from '../aws/ask-aws.ts';
import { algorithmOf } from './algorithm-of.ts';
import { fingerprintOf } from './fingerprint-of.ts';
import type { SigningKey } from './signing-key.ts';

// Source: AWS KMS API reference, Sign: both take the message itself as RAW.
const kmsAlgorithms = { Ed25519: 'ED25519_SHA_512', 'ECDSA-P256-SHA256': 'ECDSA_SHA_256' } as const;

/**
 * A key of KMS that signs, by its id, alias (`alias/…`) or ARN. Rejects with an Error where it is none, or KMS refuses.
 */
export async function openKmsKey(id: string, environment: NodeJS.ProcessEnv): Promise<SigningKey> {
  const region = /^arn:[\w-]+:kms:([\w-]+):/.exec(id)?.[1];
  const ask = (operation: string, input: object) =>
    askAws({ service: 'kms', target: `TrentService.${operation}`, input, region }, environment);
  const { PublicKey } = await ask('GetPublicKey', { KeyId: id });
  const key = createPublicKey({ key: Buffer.from(String(PublicKey), 'base64'), type: 'spki', format: 'der' });
  const algorithm = algorithmOf(key);
  if (algorithm === undefined) {
    throw new Error(
      `the key ${id} of KMS signs by none of ours: expected one with --key-usage SIGN_VERIFY and --key-spec ECC_NIST_P256 or ECC_NIST_EDWARDS25519`,
    );
  }
  const sign = async (bytes: Uint8Array) => {
    const message = { Message: Buffer.from(bytes).toString('base64'), MessageType: 'RAW' };
    const { Signature } = await ask('Sign', { KeyId: id, SigningAlgorithm: kmsAlgorithms[algorithm], ...message });
    return Buffer.from(String(Signature), 'base64');
  };
  return { fingerprint: fingerprintOf(key), algorithm, sign };
}
