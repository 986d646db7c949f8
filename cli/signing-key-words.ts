/** What a key to sign with may be given as. */
export const signingKeyWords =
  'a private key in PEM (Ed25519, or P-256), or one of KMS, such as kms:alias/models, or its ARN';
