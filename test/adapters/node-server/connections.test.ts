import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { Connections } from '../../../src/adapters/node-server/connections.ts';

test('a server that the system holds up as it stops accepts all that came meanwhile', async () => {
  const server = new EventEmitter() as Server;
  const connections = new Connections(server, false);
  let waiting = 28;
  // As Node does: one in a turn of the event loop.
  const accepting = setInterval(() => {
    if (waiting === 0) return;
    waiting -= 1;
    server.emit('connection', new PassThrough());
  }, 1);
  const accepted = connections.allAccepted();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
  await accepted;
  clearInterval(accepting);
  expect(waiting).toBe(0);
});
