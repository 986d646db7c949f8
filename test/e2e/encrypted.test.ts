import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CompactEncrypt, compactDecrypt, importJWK, type JWK } from 'jose';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { serverOptions } from '../fakes/server-options.ts';

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const models = sampleModels();
let server: RunningServer;

beforeAll(async () => {
  const payloadKey = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  server = await startServer({ ...serverOptions, models, payloadKey });
});
afterAll(() => stop(server));

async function stop({ dataPlane: { repository }, close }: RunningServer): Promise<void> {
  await close(1000);
  for (const name of repository.names()) await repository.unload(name);
}

async function encrypt(body: string, cty = 'json'): Promise<string> {
  const { keys } = (await (await fetch(`${server.url}/v2/keys`)).json()) as { keys: (JWK & { kid: string })[] };
  const [jwk] = keys as [JWK & { kid: string }];
  const header = {
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    kid: jwk.kid,
    cty,
    reply_jwk: own.publicKey.export({ format: 'jwk' }),
  };
  return new CompactEncrypt(Buffer.from(body)).setProtectedHeader(header).encrypt(await importJWK(jwk, 'RSA-OAEP-256'));
}

function post(path: string, body: string): Promise<Response> {
  return fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'application/jose' } });
}

async function decrypt(answer: Response): Promise<{ cty: string | undefined; body: unknown }> {
  expect(answer.headers.get('content-type')).toBe('application/jose');
  const { plaintext, protectedHeader } = await compactDecrypt(await answer.text(), own.privateKey);
  return { cty: protectedHeader.cty, body: JSON.parse(Buffer.from(plaintext).toString()) };
}

const iris = JSON.stringify({ inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [5.1, 3.5, 1.4, 0.2] }] });

describe('a server with a key for payloads', () => {
  test('answers what is encrypted to it, encrypted, as it answers it in plain', async () => {
    const plain = await fetch(`${server.url}/v2/models/iris/infer`, { method: 'POST', body: iris });
    const answer = await post('/v2/models/iris/infer', await encrypt(iris));
    expect(answer.status).toBe(200);
    expect(await decrypt(answer)).toEqual({ cty: 'application/json', body: await plain.json() });
  });

  test('refuses in secret what is wrong with what was in it, and in plain what cannot be opened', async () => {
    const answer = await post('/v2/models/iris/infer', await encrypt('{"inputs":[]}'));
    expect(answer.status).toBe(400);
    expect((await decrypt(answer)).body).toEqual({ error: expect.stringContaining('X') });
    const broken = await post('/v2/models/iris/infer', 'no.jwe');
    expect(broken.status).toBe(400);
    expect(await broken.json()).toEqual({ error: expect.stringContaining('the encrypted payload cannot be opened') });
  });

  test('tells its keys as a JWK Set', async () => {
    const answer = await fetch(`${server.url}/v2/keys`);
    expect(answer.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(await answer.json()).toEqual({ keys: [expect.objectContaining({ kty: 'RSA', use: 'enc', e: 'AQAB' })] });
  });
});

test('a server without one refuses an encrypted request, and has no keys to tell', async () => {
  const without = await startServer({ ...serverOptions, models });
  try {
    const headers = { 'content-type': 'application/jose' };
    const answer = await fetch(`${without.url}/v2/models/iris/infer`, { method: 'POST', body: 'a', headers });
    expect(answer.status).toBe(415);
    expect((await fetch(`${without.url}/v2/keys`)).status).toBe(404);
  } finally {
    await stop(without);
  }
});
