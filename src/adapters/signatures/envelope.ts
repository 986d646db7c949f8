/** One key's signature. */
export interface EnvelopeSignature {
  /** As `fingerprintOf` tells the key. */
  readonly keyid: string;
  /** What the key signs by: told for people; whoever checks goes by the key. */
  readonly algorithm: string;
  /** When, as ISO 8601; told for people, as it is no part of what was signed. Absent of those who did not say. */
  readonly at?: string;
  /** In base64. */
  readonly sig: string;
}

/** `signature.json`: a DSSE envelope around a statement. Source: Dead Simple Signing Envelope v1.0.2, envelope.md. */
export interface Envelope {
  readonly payloadType: string;
  /** The statement as JSON, in base64. */
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}
