import type { SignatureAlgorithm } from './algorithm-of.ts';

/** A key that signs: a file's, or one that never leaves KMS. */
export interface SigningKey {
  readonly fingerprint: string;
  readonly algorithm: SignatureAlgorithm;
  /** Signs at most 4,096 bytes: what KMS takes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
