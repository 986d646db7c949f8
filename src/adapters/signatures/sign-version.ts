import type { Envelope } from './envelope.ts';
import { payloadType } from './payload-type.ts';
import { signedBytes } from './signed-bytes.ts';
import type { SigningKey } from './signing-key.ts';
import type { Statement } from './statement.ts';

/**
 * The envelope of a version that `key` vouches for; of `before`, the signatures of other keys under the same statement
 * stay.
 */
export async function signVersion(statement: Statement, key: SigningKey, before?: Envelope): Promise<Envelope> {
  const bytes = Buffer.from(JSON.stringify(statement));
  const payload = bytes.toString('base64');
  const isSame = before?.payloadType === payloadType && before.payload === payload;
  const others = isSame ? before.signatures.filter(({ keyid }) => keyid !== key.fingerprint) : [];
  const sig = Buffer.from(await key.sign(signedBytes(payloadType, bytes))).toString('base64');
  const own = { keyid: key.fingerprint, algorithm: key.algorithm, at: new Date().toISOString(), sig };
  return { payloadType, payload, signatures: [...others, own] };
}
