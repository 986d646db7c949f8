import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { silentLog } from '../../cli/silent-log.ts';
import { openServerStore } from '../../src/adapters/open-server-store.ts';
import type { ServerOptions } from '../../src/adapters/server-options.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { serverOptions } from '../fakes/server-options.ts';

const s3 = new FakeS3();
const before = { ...process.env };

beforeAll(() => {
  process.env.TENSORGATE_CACHE = process.env.TMPDIR ?? '/tmp';
});
beforeEach(() => {
  Object.assign(process.env, s3.environment);
});
afterAll(() => {
  process.env = before;
});

async function open(more: Partial<ServerOptions>) {
  const { store } = await openServerStore({ ...serverOptions, models: 's3://models', ...more }, silentLog);
  return store;
}

test('a server of some models lists these alone, as who may read no others', async () => {
  for (const name of ['a', 'b']) s3.put(`${name}/1/model.onnx`, '');
  s3.fault = ({ query }) =>
    query.has('list-type') && !query.get('prefix')?.startsWith('a/') ? { status: 403 } : undefined;
  const store = await open({ only: ['a'] });
  expect((await store.list()).map(({ name }) => name)).toEqual(['a']);
});

test('a model that fits into the memory fits into the cache on the disk, with its next version', async () => {
  // Larger than any disk: it is not to be downloaded.
  const bytes = 2 ** 55;
  const listing = `<ListBucketResult><Contents><Key>a/1/model.onnx</Key><Size>${bytes}</Size><ETag>"x"</ETag></Contents></ListBucketResult>`;
  const server = createServer((_request, response) => response.end(listing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect((await open({})).fetch('a', 1)).rejects.toMatchObject({ status: 507 });
    const large = await open({ memoryBudget: bytes });
    await expect(large.fetch('a', 1)).rejects.toMatchObject({ status: 503, message: expect.stringContaining('disk') });
  } finally {
    server.close();
  }
});
