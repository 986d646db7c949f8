import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { algorithmOf } from '../../../src/adapters/signatures/algorithm-of.ts';
import { checkSignature } from '../../../src/adapters/signatures/check-signature.ts';
import type { Envelope } from '../../../src/adapters/signatures/envelope.ts';
import { fingerprintOf } from '../../../src/adapters/signatures/fingerprint-of.ts';
import { parsePublicKeys } from '../../../src/adapters/signatures/parse-public-keys.ts';
import { signVersion } from '../../../src/adapters/signatures/sign-version.ts';
import { signedBytes } from '../../../src/adapters/signatures/signed-bytes.ts';
import type { SigningKey } from '../../../src/adapters/signatures/signing-key.ts';
import { statementOf } from '../../../src/adapters/signatures/statement.ts';

const ed25519 = generateKeyPairSync('ed25519').privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const statement = statementOf('pets', 1, '{"files":{}}');

function keyOf(key: KeyObject): SigningKey {
  const algorithm = algorithmOf(key);
  if (!algorithm) throw new Error('no key of ours');
  const digest = algorithm === 'Ed25519' ? null : 'sha256';
  return {
    fingerprint: fingerprintOf(createPublicKey(key)),
    algorithm,
    sign: async (bytes) => sign(digest, bytes, key),
  };
}

function pem(...keys: KeyObject[]): string {
  return keys.map((key) => createPublicKey(key).export({ type: 'spki', format: 'pem' })).join('\n');
}

const trusted = parsePublicKeys(pem(ed25519, p256), 'keys');

test('what is signed is as DSSE has it', () => {
  // The example of its protocol.md.
  expect(signedBytes('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
});

describe.each([
  ['Ed25519', ed25519],
  ['ECDSA-P256-SHA256', p256],
])('a signature by %s', (algorithm, key) => {
  const own = keyOf(key);

  test('is good for what it was made for, and told by its key', async () => {
    const envelope = await signVersion(statement, own);
    expect(checkSignature(JSON.stringify(envelope), statement, trusted)).toEqual([
      { fingerprint: own.fingerprint, algorithm },
    ]);
    const { payloadType, payload, signatures } = envelope;
    const signed = signedBytes(payloadType, Buffer.from(payload, 'base64'));
    const sig = Buffer.from(signatures[0]?.sig ?? '', 'base64');
    expect(verify(algorithm === 'Ed25519' ? null : 'sha256', signed, createPublicKey(key), sig)).toBe(true);
  });

  test.each([
    ['another model', statementOf('cats', 1, '{"files":{}}'), "good for model 'pets' version 1, and not for this one"],
    [
      'another version',
      statementOf('pets', 2, '{"files":{}}'),
      "good for model 'pets' version 1, and not for this one",
    ],
    ['another manifest', statementOf('pets', 1, '{"files":{} }'), 'this one was changed after it was signed'],
  ])('is good for no %s', async (_what, other, message) => {
    const text = JSON.stringify(await signVersion(statement, own));
    expect(() => checkSignature(text, other, trusted)).toThrow(message);
  });

  test('is no good once its statement was changed, nor by the name of another key', async () => {
    const envelope = await signVersion(statement, own);
    const [signature] = envelope.signatures;
    const payload = Buffer.from(JSON.stringify(statementOf('cats', 1, ''))).toString('base64');
    const other = keyOf(key === p256 ? ed25519 : p256).fingerprint;
    for (const forged of [
      { ...envelope, payload },
      { ...envelope, signatures: [{ ...signature, keyid: other }] },
      { ...envelope, signatures: [{ ...signature, sig: '' }] },
      { ...envelope, signatures: [] },
    ])
      expect(() => checkSignature(JSON.stringify(forged), statement, trusted)).toThrow('no good signature of a key');
  });
});

test('one key of several is enough, and signing again with a key replaces its signature alone', async () => {
  const stranger = keyOf(generateKeyPairSync('ed25519').privateKey);
  let envelope: Envelope = await signVersion(statement, stranger);
  expect(() => checkSignature(JSON.stringify(envelope), statement, trusted)).toThrow(stranger.fingerprint);
  envelope = await signVersion(statement, keyOf(p256), envelope);
  envelope = await signVersion(statement, keyOf(p256), envelope);
  expect(envelope.signatures.map(({ keyid }) => keyid)).toEqual([stranger.fingerprint, keyOf(p256).fingerprint]);
  expect(checkSignature(JSON.stringify(envelope), statement, trusted)).toHaveLength(1);
  const elsewhere = await signVersion(statementOf('pets', 2, ''), keyOf(ed25519), envelope);
  expect(elsewhere.signatures).toHaveLength(1);
});

test.each([
  ['', 'signature.json is no JSON'],
  ['null', 'expected payloadType'],
  ['{"payloadType":"application/vnd.in-toto+json"}', 'expected payloadType'],
  [
    '{"payloadType":"application/vnd.tensorgate.version+json","payload":"e30=","signatures":[null]}',
    'with keyid and sig',
  ],
])('a signature.json of %j is refused', (text, message) => {
  expect(() => checkSignature(text, statement, trusted)).toThrow(message);
});

describe('keys that count', () => {
  test('are public ones that versions are signed with', () => {
    const secret = String(ed25519.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => parsePublicKeys(secret, 'k.pem')).toThrow(
      'k.pem: expected public keys (BEGIN PUBLIC KEY), got PRIVATE KEY',
    );
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(() => parsePublicKeys(pem(rsa), 'k.pem')).toThrow('expected keys of Ed25519 or P-256, got one of rsa');
    expect(() => parsePublicKeys('', 'k.pem')).toThrow('k.pem holds no public key');
    expect([...trusted.keys()]).toEqual([keyOf(ed25519).fingerprint, keyOf(p256).fingerprint]);
  });
});
