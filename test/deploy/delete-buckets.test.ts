import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { deleteBuckets } from '../../scripts/deploy/delete-buckets.ts';

const listed = '<Version><Key>fraud/1/model.onnx</Key><VersionId>v1</VersionId></Version>';
const environment = { ...process.env };
let server: Server | undefined;

beforeEach(() => void jest.spyOn(console, 'log').mockReturnValue());

afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  server?.closeAllConnections();
  server?.close();
});

/** S3 with one object in each bucket, which says `ofDeletion` when it is to be deleted, and what it was asked. */
async function bucketsThatSay(ofDeletion: string): Promise<string[]> {
  const asked: string[] = [];
  let isFull = true;
  server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url.replace(/=?([?&]x-id=\w+)?$/, '')}`);
    request.resume();
    if (method === 'GET') return response.end(`<ListVersionsResult>${isFull ? listed : ''}</ListVersionsResult>`);
    if (method === 'POST') isFull = ofDeletion !== '';
    return method === 'POST'
      ? response.end(`<DeleteResult>${ofDeletion}</DeleteResult>`)
      : response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  });
  return asked;
}

test('a bucket is emptied, its old versions too, and deleted', async () => {
  const asked = await bucketsThatSay('');
  await deleteBuckets(['models']);
  expect(asked).toEqual([
    'DELETE /models/?policy',
    'GET /models/?versions',
    'POST /models/?delete',
    'GET /models/?versions',
    'DELETE /models/',
  ]);
});

test('what may not be deleted is said once, and the bucket stays', async () => {
  const asked = await bucketsThatSay(
    '<Error><Key>fraud/1/model.onnx</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  );
  await expect(deleteBuckets(['models'])).rejects.toThrow(
    'models/fraud/1/model.onnx cannot be deleted: Access Denied (AccessDenied)',
  );
  expect(asked).toEqual(['DELETE /models/?policy', 'GET /models/?versions', 'POST /models/?delete']);
});
