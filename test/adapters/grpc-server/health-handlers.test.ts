import { once } from 'node:events';
import { Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { healthHandlers } from '../../../src/adapters/grpc-server/health-handlers.ts';
import { loadProto } from '../../../src/adapters/grpc-server/load-proto.ts';
import type { ServingStatus } from '../../../src/grpc/health.ts';
import { TestClient } from './test-client.ts';

/** All but intervals, by which statuses are looked at. */
const doNotFake = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

describe('the health service', () => {
  let server: Server;
  let closing: AbortController;
  let now: ServingStatus;
  let client: TestClient;

  beforeEach(async () => {
    closing = new AbortController();
    now = 'NOT_SERVING';
    const handlers = healthHandlers((service) => (service === '' ? now : 'SERVICE_UNKNOWN'), closing.signal);
    server = new Server();
    server.addService(loadProto()['grpc.health.v1.Health'] as ServiceDefinition, handlers);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    client = new TestClient(`127.0.0.1:${port}`);
  });
  afterEach(() => {
    jest.useRealTimers();
    client.close();
    server.forceShutdown();
  });

  test('says how the server is when it is asked, and knows no other services', async () => {
    expect(await client.call('Check', { service: '' })).toEqual({ status: 'NOT_SERVING' });
    now = 'SERVING';
    expect(await client.call('Check', { service: '' })).toEqual({ status: 'SERVING' });
    await expect(client.call('Check', { service: 'other' })).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: "there is no service 'other'",
    });
  });

  test('tells who watches of each change, and lets them go when the server ends', async () => {
    jest.useFakeTimers({ doNotFake: [...doNotFake] });
    const told: string[] = [];
    const watch = client.watch('').on('data', (answer) => told.push(answer.status));
    await once(watch, 'data');
    const unknown = client.watch('other');
    expect((await once(unknown, 'data'))[0]).toEqual({ status: 'SERVICE_UNKNOWN' });
    for (const next of ['SERVING', 'NOT_SERVING', 'SERVING'] as const) {
      now = next;
      const heard = once(watch, 'data');
      jest.advanceTimersByTime(500);
      await heard;
      // Of what stayed as it was there is nothing to hear.
      jest.advanceTimersByTime(500);
    }
    now = 'NOT_SERVING';
    closing.abort();
    await once(watch, 'end');
    expect(told).toEqual(['NOT_SERVING', 'SERVING', 'NOT_SERVING', 'SERVING', 'NOT_SERVING']);
  });

  test('lets go at once of who begins to watch once the server ends', async () => {
    closing.abort();
    const told: string[] = [];
    const watch = client.watch('').on('data', (answer) => told.push(answer.status));
    await once(watch, 'end');
    expect(told).toEqual(['NOT_SERVING']);
  });
});
