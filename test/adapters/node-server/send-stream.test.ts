import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { sendStream } from '../../../src/adapters/node-server/send-stream.ts';

async function* endless(ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (;;) yield new Uint8Array(65_536);
  } finally {
    ended();
  }
}

test('who reads nothing for a time is cut, and what is made for it ends', async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const sent = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.writeHead(200);
    sendStream(response, endless(end), 100).then(sent.resolve, sent.reject);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  // A socket that nobody reads from.
  socket.pause().on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await Promise.all([ended, sent.promise]);
  expect(await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
  socket.destroy();
  server.close();
});

test('who reads slowly is not cut', async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.writeHead(200);
    void sendStream(response, endless(end), 400);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const until = performance.now() + 1500;
  let read = 0;
  socket.on('data', (bytes) => {
    read += bytes.length;
    socket.pause();
    setTimeout(() => socket.resume(), 20);
  });
  while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(socket.closed).toBe(false);
  expect(read).toBeGreaterThan(100_000);
  socket.destroy();
  await ended;
  server.close();
});
