import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  CompactEncrypt,
  type CompactJWEHeaderParameters,
  compactDecrypt,
  createLocalJWKSet,
  EncryptJWT,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { parsePayloadKeys } from '../../../src/adapters/payload-encryption/parse-payload-keys.ts';
import { PayloadEncryption } from '../../../src/adapters/payload-encryption/payload-encryption.ts';
import type { HttpRequest, HttpResponse } from '../../../src/http/http-message.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));
const maxBytes = 100_000;
const payloads = new PayloadEncryption(async () => parsePayloadKeys(pem(rsa) + pem(p256), 'keys'), maxBytes);

/** Of the caller, for the answer. */
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const replyJwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'mine' };

type Header = Readonly<Record<string, unknown>>;

/** What a caller sends that follows the documentation, but for what `more` says. */
async function encrypted(body: Uint8Array, more: Header = {}, index = 0): Promise<Buffer> {
  const { keys } = await payloads.keySet();
  const { kid, alg, ...jwk } = keys[index] as JWK & { kid: string; alg: string };
  const header = { alg, enc: 'A256GCM', kid, cty: 'json', reply_jwk: replyJwk, ...more };
  const jwe = new CompactEncrypt(body).setProtectedHeader(header as unknown as CompactJWEHeaderParameters);
  return Buffer.from(await jwe.encrypt(await importJWK({ ...jwk, alg: header.alg }, header.alg)));
}

function request(body: Uint8Array): HttpRequest {
  const headers = { 'content-type': 'application/jose' };
  return {
    method: 'POST',
    path: '/v2/models/a/infer',
    headers,
    body,
    requestId: 'r',
    gone: () => new AbortController().signal,
  };
}

const echo = async ({ body, headers }: HttpRequest): Promise<HttpResponse> => ({
  status: 200,
  headers: ['content-type', String(headers['content-type']), 'x-more', 'stays'],
  body: [Buffer.from('you said '), body],
});

function answerTo(body: Uint8Array, handle = echo): Promise<HttpResponse> {
  return payloads.answer(request(body), handle);
}

async function read(response: HttpResponse, key: KeyObject = own.privateKey) {
  const { plaintext, protectedHeader } = await compactDecrypt(Buffer.concat(response.body), key);
  return { text: Buffer.from(plaintext).toString(), header: protectedHeader };
}

describe('a payload', () => {
  test.each([
    ['RSA-OAEP-256', 0],
    ['ECDH-ES+A256KW', 1],
    ['ECDH-ES', 1],
  ])('by %s is opened, and its answer encrypted to whom it says', async (alg, index) => {
    const answer = await answerTo(await encrypted(Buffer.from('{"a":1}'), { alg }, index));
    expect(answer).toMatchObject({ status: 200, headers: ['content-type', 'application/jose', 'x-more', 'stays'] });
    const { text, header } = await read(answer);
    expect(text).toBe('you said {"a":1}');
    expect(header).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'application/json', kid: 'mine' });
  });

  test('has a media type of its own, and a caller may have a key of RSA, and none of ours named', async () => {
    const reply = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const more = { kid: undefined, cty: 'text/plain', reply_jwk: reply.publicKey.export({ format: 'jwk' }) };
    const { text, header } = await read(await answerTo(await encrypted(Buffer.from('hi'), more)), reply.privateKey);
    expect(text).toBe('you said hi');
    expect(header).toMatchObject({ alg: 'RSA-OAEP-256', cty: 'text/plain' });
  });

  test('is told from a plain one by its media type', () => {
    expect(payloads.isFor({ headers: { 'content-type': 'Application/JOSE; charset=utf-8' } })).toBe(true);
    for (const type of ['application/json', 'application/jose+json', undefined])
      expect(payloads.isFor({ headers: { 'content-type': type } })).toBe(false);
  });

  test('that is refused for what is in it is answered in secret too; what failed here is not', async () => {
    const refused = async () => {
      throw new ServiceError(404, 'there is no model');
    };
    const answer = await answerTo(await encrypted(Buffer.from('{}')), refused);
    expect(answer.status).toBe(404);
    expect((await read(answer)).text).toBe('{"error":"there is no model"}');
    const failing = async () => {
      throw new Error('ours');
    };
    await expect(answerTo(await encrypted(Buffer.from('{}')), failing)).rejects.toThrow('ours');
  });

  test('gets no answer that streams', async () => {
    let isEnded = false;
    const stream = async function* () {
      yield Buffer.from('a');
    };
    const streaming = async () => {
      const pieces = stream();
      const end = pieces.return.bind(pieces);
      pieces.return = (value) => {
        isEnded = true;
        return end(value);
      };
      return { status: 200, headers: [], body: [], stream: pieces };
    };
    await expect(answerTo(await encrypted(Buffer.from('{}')), streaming)).rejects.toThrow('does not stream');
    expect(isEnded).toBe(true);
  });
});

describe('refuses', () => {
  const bytes = Buffer.from('{"a":1}');
  const stranger = createPublicKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

  async function rejection(jwe: Uint8Array): Promise<{ status: number; message: string }> {
    return answerTo(jwe).then(
      () => ({ status: 200, message: '' }),
      (error) => error,
    );
  }

  test('what is encrypted to another key', async () => {
    const { keys } = await payloads.keySet();
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: (keys[0] as JWK).kid as string, reply_jwk: replyJwk };
    const jwe = await new CompactEncrypt(bytes).setProtectedHeader(header).encrypt(stranger);
    expect(await rejection(Buffer.from(jwe))).toMatchObject({
      status: 400,
      message: expect.stringContaining('it was changed, or is encrypted to another key than it names'),
    });
  });

  test('a change in any part: header, key, nonce, content, tag', async () => {
    const jwe = String(await encrypted(bytes));
    const parts = jwe.split('.');
    for (const place of [1, 2, 3, 4]) {
      const part = Buffer.from(parts[place] ?? '', 'base64url');
      part[0] = (part[0] ?? 0) ^ 1;
      const changed = parts.with(place, part.toString('base64url')).join('.');
      expect(await rejection(Buffer.from(changed))).toMatchObject({ status: 400 });
    }
    const header = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString());
    const redirected = { ...header, reply_jwk: stranger.export({ format: 'jwk' }) };
    const forged = parts.with(0, Buffer.from(JSON.stringify(redirected)).toString('base64url')).join('.');
    expect(await rejection(Buffer.from(forged))).toMatchObject({ status: 400 });
  });

  test.each([
    ['none', { alg: 'none' }],
    ['a password', { alg: 'PBES2-HS256+A128KW', p2s: 'AAAA', p2c: 1e9 }],
    ['a shared secret', { alg: 'dir' }],
    ['RSA as it was', { alg: 'RSA1_5' }],
    ['RSA by SHA-1', { alg: 'RSA-OAEP' }],
    ['a cipher without a tag', { enc: 'A256CTR' }],
    ['an extension that it does not know', { crit: ['exp'], exp: 1 }],
  ])('keys and ciphers that are not ours: %s', async (_what, change) => {
    const [first, ...rest] = String(await encrypted(bytes)).split('.');
    const header = { ...JSON.parse(Buffer.from(first ?? '', 'base64url').toString()), ...change };
    const jwe = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
    expect(await rejection(Buffer.from(jwe))).toMatchObject({ status: 400 });
  });

  test('what unpacks to more than the limit, soon', async () => {
    const bomb = await encrypted(Buffer.alloc(200 * maxBytes), { zip: 'DEF' });
    expect(bomb.length).toBeLessThan(maxBytes);
    expect(await rejection(bomb)).toMatchObject({
      status: 413,
      message: expect.stringContaining('100000, once decrypted'),
    });
    expect(await rejection(await encrypted(Buffer.alloc(maxBytes + 1)))).toMatchObject({ status: 413 });
    expect((await answerTo(await encrypted(Buffer.alloc(maxBytes), { zip: 'DEF' }))).status).toBe(200);
  });

  test.each([
    ['', /no key|cannot be opened/],
    ['a.b', /cannot be opened/],
    ['..b..', /cannot be opened/],
    [
      `${Buffer.from('{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"x"}').toString('base64url')}.YQ.YQ.YQ.YQ`,
      /there is no key 'x'/,
    ],
  ])('%j, which is none', async (text, message) => {
    expect(await rejection(Buffer.from(text))).toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });

  test.each([
    [undefined, 'got none'],
    [own.privateKey.export({ format: 'jwk' }), 'got a private key'],
    [generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), 'got one of another kind'],
    [
      generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
      'got one of another kind',
    ],
    [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, 'got no key'],
  ])('an answer to %j', async (key, message) => {
    const jwe = await encrypted(bytes, { reply_jwk: key });
    expect(await rejection(jwe)).toMatchObject({ status: 400, message: expect.stringContaining(message) });
  });
});

describe('keys', () => {
  test('are told without their secrets, named by their thumbprints, and taken by clients of JWK Sets', async () => {
    const { keys } = (await payloads.keySet()) as JSONWebKeySet;
    expect(keys).toMatchObject([
      { kty: 'RSA', alg: 'RSA-OAEP-256', use: 'enc', kid: expect.stringMatching(/^[\w-]{43}$/) },
      { kty: 'EC', alg: 'ECDH-ES+A256KW', use: 'enc', kid: expect.stringMatching(/^[\w-]{43}$/) },
    ]);
    for (const key of keys)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
    expect(() => createLocalJWKSet({ keys })).not.toThrow();
    const jwt = new EncryptJWT({}).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' });
    await jwt.encrypt(await importJWK(keys[0] as JWK, 'RSA-OAEP-256'));
  });

  test('are asked for again where they could not be had', async () => {
    let tries = 0;
    const late = new PayloadEncryption(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not now');
      return parsePayloadKeys(pem(rsa), 'keys');
    }, maxBytes);
    await expect(late.keySet()).rejects.toThrow('not now');
    expect((await late.keySet()).keys).toHaveLength(1);
    await late.keySet();
    expect(tries).toBe(2);
  });

  test.each([
    ['', 'k.pem holds no private key in PEM'],
    [
      String(own.publicKey.export({ type: 'spki', format: 'pem' })),
      'k.pem holds no private key in PEM without a passphrase',
    ],
    [pem(generateKeyPairSync('ed25519').privateKey), 'got one of ed25519'],
    [pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey), 'got one of rsa of 1024 bits'],
  ])('of %j are refused', (text, message) => {
    expect(() => parsePayloadKeys(text, 'k.pem')).toThrow(message);
  });
});
