import type { HttpResponse } from '../../http/http-message.ts';
import { encryptedType } from './encrypted-type.ts';
import type { ReplyKey } from './reply-key-of.ts';

/** The same answer, but that its body is encrypted to `reply`; its media type is the JWE's `cty`. */
export async function sealResponse(
  response: HttpResponse,
  { publicKey, algorithm, kid }: ReplyKey,
): Promise<HttpResponse> {
  const { CompactEncrypt } = await import('jose');
  const pairs = Array.from({ length: response.headers.length / 2 }, (_, i) => response.headers.slice(2 * i, 2 * i + 2));
  const cty = pairs.find(([name]) => name === 'content-type')?.[1];
  const header = {
    alg: algorithm,
    enc: 'A256GCM',
    ...(cty !== undefined && { cty }),
    ...(kid !== undefined && { kid }),
  };
  const jwe = await new CompactEncrypt(Buffer.concat(response.body)).setProtectedHeader(header).encrypt(publicKey);
  const others = pairs.filter(([name]) => name !== 'content-type').flat();
  return { ...response, headers: ['content-type', encryptedType, ...others], body: [Buffer.from(jwe)] };
}
