import { describe, expect, test } from '@jest/globals';
import { requestPresigner } from '../../../src/adapters/s3-model-store/presign-request.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const date = new Date('2013-05-24T00:00:00Z');

function presigner(base = 'https://examplebucket.s3.amazonaws.com/', more = {}) {
  const identity = { region: 'us-east-1', credentials: async () => ({ ...credentials, ...more }) };
  return requestPresigner(new URL(base), identity);
}

describe('a presigned URL', () => {
  test('is that of the example in "Authenticating Requests: Using Query Parameters" of AWS\'s documentation', async () => {
    const url = new URL(await presigner()({ method: 'GET', key: 'test.txt' }, 86_400, date));
    expect(url.origin + url.pathname).toBe('https://examplebucket.s3.amazonaws.com/test.txt');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request',
      'X-Amz-Date': '20130524T000000Z',
      'X-Amz-Expires': '86400',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    });
  });

  test('binds the headers that it was made with, and has the session token in it', async () => {
    const put = { method: 'PUT', key: 'uploads/a b', headers: { 'content-length': '16' } } as const;
    const url = new URL(await presigner('http://127.0.0.1:9000/data/', { sessionToken: 'a/b' })(put, 900, date));
    expect(url.origin + url.pathname).toBe('http://127.0.0.1:9000/data/uploads/a%20b');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe('a/b');
    expect(url.search).not.toMatch(/content-sha256/i);
  });
});
