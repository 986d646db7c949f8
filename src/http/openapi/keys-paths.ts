import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';

/** The keys that payloads may be encrypted to. */
export const keysPaths: JsonObject = {
  '/v2/keys': {
    get: operation({
      tag: 'server',
      id: 'payloadKeys',
      summary: 'The public keys that payloads may be encrypted to',
      description:
        'Any request may be sent as a JWE in compact form (application/jose) that is encrypted to one of these, with its media type in cty, and in reply_jwk the public key that the answer is encrypted to.',
      answer: answer('The keys, as a JWK Set: the first is that to take.', {
        'application/jwk-set+json': {
          schema: {
            type: 'object',
            required: ['keys'],
            properties: { keys: { type: 'array', items: { type: 'object', required: ['kty', 'kid', 'alg', 'use'] } } },
          },
        },
      }),
      errors: [503],
    }),
  },
};
