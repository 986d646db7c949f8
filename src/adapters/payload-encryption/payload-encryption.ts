import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { errorResponse } from '../../http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { encryptedType } from './encrypted-type.ts';
import { openPayload } from './open-payload.ts';
import type { PayloadKey } from './payload-key.ts';
import { sealResponse } from './seal-response.ts';

/**
 * Takes requests whose payload is encrypted to one of the deployment's keys, as a JWE in compact form, and encrypts
 * their answers to a key of the caller's, for whom TLS ends too early. Source: RFC 7516.
 */
export class PayloadEncryption {
  readonly #keys: () => Promise<readonly PayloadKey[]>;
  readonly #maxBytes: number;
  #named: Promise<ReadonlyMap<string, PayloadKey>> | undefined;

  /**
   * @param keys asked for once, when the first request needs them
   * @param maxBytes of a payload, once it is decrypted and decompressed
   */
  constructor(keys: () => Promise<readonly PayloadKey[]>, maxBytes: number) {
    this.#keys = keys;
    this.#maxBytes = maxBytes;
  }

  /** Whether the payload of a request is encrypted. */
  isFor({ headers }: Pick<HttpRequest, 'headers'>): boolean {
    return (
      String(headers['content-type'] ?? '')
        .split(';', 1)[0]
        ?.trim()
        .toLowerCase() === encryptedType
    );
  }

  /** The public keys as a JWK Set, that which callers should take first. Source: RFC 7517. */
  async keySet(): Promise<{ readonly keys: readonly object[] }> {
    const keys = [...(await this.#byName())].map(([kid, { privateKey, algorithm }]) => {
      const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
      return { ...jwk, kid, use: 'enc', alg: algorithm };
    });
    return { keys };
  }

  /**
   * Answers an encrypted request by what `handle` answers to what is in it. Rejects with 400 or 413 where it cannot be
   * opened.
   */
  async answer(request: HttpRequest, handle: (request: HttpRequest) => Promise<HttpResponse>): Promise<HttpResponse> {
    const { body, contentType, reply } = await openPayload(request.body, await this.#byName(), this.#maxBytes);
    const headers = { ...request.headers, 'content-type': contentType };
    const response = await handle({ ...request, headers, body }).catch((error) => {
      // It may tell of what was sent. A fault of ours tells nothing, and belongs into the log.
      if (!(error instanceof ServiceError) || error.status === 500) throw error;
      return errorResponse(error, request.requestId, request.path);
    });
    if (response.stream) {
      await response.stream.return();
      throw new ServiceError(400, 'the answer to an encrypted request does not stream: ask without "stream"');
    }
    return sealResponse(response, reply);
  }

  #byName(): Promise<ReadonlyMap<string, PayloadKey>> {
    this.#named ??= this.#name();
    // A secret that cannot be read now may be later.
    this.#named.catch(() => {
      this.#named = undefined;
    });
    return this.#named;
  }

  /** Keys by their thumbprint. Source: RFC 7638. */
  async #name(): Promise<ReadonlyMap<string, PayloadKey>> {
    const [{ calculateJwkThumbprint }, keys] = await Promise.all([import('jose'), this.#keys()]);
    const named = keys.map(async (key) => {
      const jwk = createPublicKey(key.privateKey).export({ format: 'jwk' });
      return [await calculateJwkThumbprint(jwk as JWK), key] as const;
    });
    return new Map(await Promise.all(named));
  }
}
