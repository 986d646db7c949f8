import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { askServer } from '../../cli/ask-server.ts';

const { TENSORGATE_API_KEY: before } = process.env;
let server: Server;

beforeEach(() => {
  delete process.env.TENSORGATE_API_KEY;
});
afterEach(() => {
  server.close();
  if (before !== undefined) process.env.TENSORGATE_API_KEY = before;
});

async function asked(status: number): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status).end('{"error":"no"}'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return askServer(`http://127.0.0.1:${port}/`).then(String, ({ message }) => message);
}

// A server says 401 to those without a key, a gateway of AWS 403.
test.each([401, 403])('says at %i where the key goes that was not given', async (status) => {
  expect(await asked(status)).toBe(
    `the server answers ${status}: no; TENSORGATE_API_KEY, which has the API key, is not set`,
  );
});

test('speaks of no key where that is not what is wrong', async () => {
  expect(await asked(404)).toBe('the server answers 404: no');
});
