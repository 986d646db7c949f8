import type { KeyObject } from 'node:crypto';

/** A key that payloads are encrypted to. */
export interface PayloadKey {
  readonly privateKey: KeyObject;
  /** How content keys are wrapped for it. */
  readonly algorithm: 'RSA-OAEP-256' | 'ECDH-ES+A256KW';
}
