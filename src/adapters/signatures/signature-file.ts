/**
 * The name of the signature beside a version's files, of which it is no part: it may come later, or be another one's.
 */
export const signatureFile = 'signature.json';
