import { PayloadEncryption } from '../src/adapters/payload-encryption/payload-encryption.ts';
import type { Limits } from '../src/settings.ts';

/** Payloads that are encrypted to the keys in a secret, which is read once the first one comes: so is what reads it. */
export function secretPayloads(arn: string, { maxDecompressedBytes }: Limits): PayloadEncryption {
  const keys = async () => {
    const { secretPayloadKeys } = await import('../src/adapters/payload-encryption/secret-payload-keys.ts');
    return secretPayloadKeys(arn, process.env);
  };
  return new PayloadEncryption(keys, maxDecompressedBytes);
}
