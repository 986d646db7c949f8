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

async function asked(status: number, body = '{"error":"no"}'): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status).end(body));
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

test('tells of a page by its title, and of an address where nothing listens what starts a server', async () => {
  expect(await asked(404, '<html>\n<title>Error response</title>\n<p>long</p>')).toBe(
    "the server answers 404: a page, 'Error response': expected a Tensorgate server, or a path of it, at this URL",
  );
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(askServer(`http://127.0.0.1:${port}/`)).rejects.toThrow(
    /ECONNREFUSED.*; nothing listens there, and tensorgate serve starts a server$/,
  );
});
