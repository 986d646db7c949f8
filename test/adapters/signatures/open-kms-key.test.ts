import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openKmsKey } from '../../../src/adapters/signatures/open-kms-key.ts';

let asked: { operation: string; authorization: string; input: Record<string, string> }[] = [];
let key: KeyObject;
const server = createServer(async (request: IncomingMessage, response) => {
  const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
  const input = JSON.parse(await text(request));
  asked.push({ operation, authorization: String(request.headers.authorization), input });
  if (input.KeyId === 'alias/none') {
    response.writeHead(400).end('{"__type":"NotFoundException","message":"Alias is not found."}');
    return;
  }
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  const digest = input.SigningAlgorithm === 'ECDSA_SHA_256' ? 'sha256' : null;
  const answer = operation === 'GetPublicKey' ? { PublicKey: der } : { Signature: signed(digest, input.Message) };
  response.end(JSON.stringify(answer));
});

function signed(digest: string | null, message: string): string {
  return sign(digest, Buffer.from(message, 'base64'), key).toString('base64');
}

let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  environment = {
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

test.each([
  ['ECDSA_SHA_256', 'sha256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ED25519_SHA_512', null, () => generateKeyPairSync('ed25519').privateKey],
])('a key of KMS signs by %s, with signed requests', async (algorithm, digest, make) => {
  key = make();
  const opened = await openKmsKey('arn:aws:kms:eu-north-1:123456789012:alias/models', environment);
  const signature = await opened.sign(Buffer.from('message'));
  expect(verify(digest, Buffer.from('message'), createPublicKey(key), signature)).toBe(true);
  expect(asked.map(({ operation }) => operation)).toEqual(['GetPublicKey', 'Sign']);
  expect(asked[1]?.input).toMatchObject({ SigningAlgorithm: algorithm, MessageType: 'RAW' });
  // In the region that its ARN names.
  expect(asked[1]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-north-1\/kms\/aws4_request/);
});

test('what KMS refuses, and a key of another kind, are told', async () => {
  await expect(openKmsKey('alias/none', environment)).rejects.toThrow(
    'kms of AWS refuses GetPublicKey: NotFoundException: Alias is not found.',
  );
  key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  await expect(openKmsKey('alias/rsa', environment)).rejects.toThrow('expected one with --key-usage SIGN_VERIFY');
});
