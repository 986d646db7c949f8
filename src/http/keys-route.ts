import type { Route } from './router.ts';

/** `GET /v2/keys`: the public keys that payloads may be encrypted to, as a JWK Set. */
export function keysRoute(keySet: () => Promise<object>): Route {
  return [
    'GET',
    '/v2/keys',
    'any',
    async () => ({
      status: 200,
      headers: ['content-type', 'application/jwk-set+json'],
      body: [new TextEncoder().encode(JSON.stringify(await keySet()))],
    }),
  ];
}
