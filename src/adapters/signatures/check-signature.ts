import { type KeyObject, verify } from 'node:crypto';
import { algorithmOf } from './algorithm-of.ts';
import type { EnvelopeSignature } from './envelope.ts';
import { parseEnvelope } from './parse-envelope.ts';
import type { PublicKeys } from './public-keys.ts';
import { signedBytes } from './signed-bytes.ts';
import type { Statement } from './statement.ts';

/** Who vouches for a version. */
export interface Signer {
  readonly fingerprint: string;
  readonly algorithm: string;
}

/**
 * Holds the text of a `signature.json` against what the version is: one of `keys` must have signed this very statement.
 * Gives those that have. Throws an Error that says what is wrong.
 */
export function checkSignature(text: string, statement: Statement, keys: PublicKeys): readonly [Signer, ...Signer[]] {
  const { payloadType, payload, signatures } = parseEnvelope(text);
  const bytes = Buffer.from(payload, 'base64');
  const signed = signedBytes(payloadType, bytes);
  const [first, ...others] = signatures.flatMap(({ keyid, sig }) => {
    const key = keys.get(keyid);
    return key && isGood(key, signed, sig) ? [{ fingerprint: keyid, algorithm: String(algorithmOf(key)) }] : [];
  });
  if (!first) throw new Error(`signature.json has no good signature of a key that counts here: ${told(signatures)}`);
  // Only now is what it says of any worth.
  const problem = differenceOf(JSON.parse(bytes.toString()), statement);
  if (problem) throw new Error(`signature.json is good for ${problem}`);
  return [first, ...others];
}

function isGood(key: KeyObject, signed: Buffer, sig: string): boolean {
  return verify(algorithmOf(key) === 'Ed25519' ? null : 'sha256', signed, key, Buffer.from(sig, 'base64'));
}

function told(signatures: readonly EnvelopeSignature[]): string {
  return signatures.length === 0
    ? 'it has none'
    : `it names ${signatures.map(({ keyid }) => keyid.slice(0, 80)).join(', ')}`;
}

function differenceOf(said: Partial<Statement>, { model, version, manifest }: Statement): string | undefined {
  if (said.model !== model || said.version !== version)
    return `model '${said.model}' version ${said.version}, and not for this one`;
  if (said.manifest?.sha256 !== manifest.sha256)
    return 'another manifest.json: this one was changed after it was signed';
  return undefined;
}
