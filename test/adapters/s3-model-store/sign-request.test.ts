import { describe, expect, test } from '@jest/globals';
import type { S3Request } from '../../../src/adapters/s3-model-store/s3-request.ts';
import { requestSigner } from '../../../src/adapters/s3-model-store/sign-request.ts';

// The examples of "Signature Calculations for the Authorization Header" in AWS's documentation of S3,
// but for PUT Object: it signs a Date header, which we do not send.
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const date = new Date('2013-05-24T00:00:00Z');
const noContent = { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };

function signer(base = 'https://examplebucket.s3.amazonaws.com/', more = {}) {
  const identity = { region: 'us-east-1', credentials: async () => ({ ...credentials, ...more }) };
  return requestSigner(new URL(base), identity);
}

describe("AWS's published examples", () => {
  const examples: [string, S3Request, string][] = [
    [
      'GET Object, with a range',
      { method: 'GET', key: 'test.txt', headers: { range: 'bytes=0-9', ...noContent } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'GET Bucket Lifecycle',
      { method: 'GET', query: { lifecycle: '' }, headers: noContent },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'Get Bucket (List Objects)',
      { method: 'GET', query: { 'max-keys': '2', prefix: 'J' }, headers: noContent },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ];
  test.each(examples)('%s', async (_name, request, signature) => {
    const { headers } = await signer()(request, date);
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20130524\/us-east-1\/s3\/aws4_request, /,
    );
    expect(headers.authorization?.split('Signature=')[1]).toBe(signature);
  });
});

test('what is signed is what is sent, sign by sign', async () => {
  const request = { method: 'GET', key: "a b/ü+!'()*~", query: { prefix: 'x/y z+' } } as const;
  expect((await signer()(request, date)).path).toBe('/a%20b/%C3%BC%2B%21%27%28%29%2A~?prefix=x%2Fy%20z%2B');
});

test('an endpoint with a port and the bucket in its path is signed as it is asked', async () => {
  const { path, headers } = await signer('http://127.0.0.1:9000/models/')({ method: 'GET', key: 'a/1' }, date);
  expect(path).toBe('/models/a/1');
  expect(headers.host).toBe('127.0.0.1:9000');
});

test('a session token goes along', async () => {
  const { headers } = await signer(undefined, { sessionToken: 'token' })({ method: 'GET', key: 'a' }, date);
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers.authorization).toContain('x-amz-security-token');
});
