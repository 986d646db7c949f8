import type { CompactJWEHeaderParameters } from 'jose';
import { ServiceError } from '../../protocol/service-error.ts';
import { mediaTypeOf } from './media-type-of.ts';
import type { PayloadKey } from './payload-key.ts';
import { type ReplyKey, replyKeyOf } from './reply-key-of.ts';

/** What was in an encrypted request. */
export interface OpenedPayload {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** To whom the answer is encrypted. */
  readonly reply: ReplyKey;
}

/**
 * Those that a key agreement and an authenticated cipher stand behind; 'none', passwords and shared secrets are not
 * among them.
 */
const keyManagementAlgorithms = ['RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A256KW'];
const contentEncryptionAlgorithms = ['A256GCM', 'A128GCM'];

/**
 * Decrypts a JWE in compact form by that of `keys` which it names. Rejects with ServiceError 400, or 413 past
 * `maxBytes`.
 */
export async function openPayload(
  jwe: Uint8Array,
  keys: ReadonlyMap<string, PayloadKey>,
  maxBytes: number,
): Promise<OpenedPayload> {
  const { compactDecrypt } = await import('jose');
  const options = { keyManagementAlgorithms, contentEncryptionAlgorithms, maxDecompressedLength: maxBytes };
  const keyOf = (header: Partial<CompactJWEHeaderParameters>) => chooseKey(keys, header).privateKey;
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, keyOf, options).catch((error) => {
    throw error instanceof ServiceError ? error : refusal(error, maxBytes);
  });
  if (plaintext.length > maxBytes) throw tooLarge(maxBytes);
  return { body: plaintext, contentType: mediaTypeOf(protectedHeader.cty), reply: replyKeyOf(protectedHeader) };
}

/** That which `kid` names, or without one the first that the algorithm is for. */
function chooseKey(
  keys: ReadonlyMap<string, PayloadKey>,
  { kid, alg }: Partial<CompactJWEHeaderParameters>,
): PayloadKey {
  const isFor = ({ algorithm }: PayloadKey) => (algorithm === 'RSA-OAEP-256') === (alg === 'RSA-OAEP-256');
  const key = kid === undefined ? [...keys.values()].find(isFor) : keys.get(kid);
  if (key && isFor(key)) return key;
  const named = kid === undefined ? '' : ` '${String(kid).slice(0, 100)}'`;
  throw new ServiceError(
    400,
    `there is no key${named} for '${String(alg).slice(0, 100)}' here; GET /v2/keys has those that there are`,
  );
}

function refusal(error: Error & { readonly code?: string }, maxBytes: number): ServiceError {
  if (/exceeded/i.test(error.message)) return tooLarge(maxBytes);
  const why =
    error.code === 'ERR_JWE_DECRYPTION_FAILED'
      ? 'it was changed, or is encrypted to another key than it names'
      : error.message;
  return new ServiceError(400, `the encrypted payload cannot be opened: ${why}`, { cause: error });
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    413,
    `the payload is larger than the limit maxDecompressedBytes, ${maxBytes}, once decrypted`,
  );
}
