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

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the health service', () => {
  let server: Server;
  let closing: AbortController;
  let now: ServingStatus;
  let client: TestClient;
  let looks: number;

  beforeEach(async () => {
    closing = new AbortController();
    now = 'NOT_SERVING';
    looks = 0;
    const handlers = healthHandlers((service) => {
      looks += 1;
      return service === '' ? now : 'SERVICE_UNKNOWN';
    }, closing.signal);
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

  /** Begins to watch; `first` is what is heard first, or the error. */
  const begin = (service = '') => {
    const watch = client.watch(service);
    const { promise: first, resolve } = Promise.withResolvers<object>();
    watch.on('data', resolve).on('error', resolve);
    return { watch, first };
  };

  test('looks once for all who watch, and at nothing once they have gone', async () => {
    jest.useFakeTimers({ doNotFake: [...doNotFake] });
    const begun = Array.from({ length: 20 }, (_, index) => begin(index < 10 ? '' : `other${index}`));
    await Promise.all(begun.map(({ first }) => first));
    expect(looks).toBe(20);
    now = 'SERVING';
    const heard = begun.slice(0, 10).map(({ watch }) => once(watch, 'data'));
    jest.advanceTimersByTime(500);
    expect((await Promise.all(heard)).map(([{ status }]) => status)).toEqual(new Array(10).fill('SERVING'));
    expect(looks).toBe(21);
    for (const { watch } of begun) watch.cancel();
    await until(() => {
      looks = 0;
      jest.advanceTimersByTime(500);
      return looks === 0;
    });
  });

  test('takes a thousand who watch, and tells others what to do; it takes more once some have gone', async () => {
    const begun = Array.from({ length: 1000 }, () => begin());
    await Promise.all(begun.map(({ first }) => first));
    expect(await begin().first).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: "1000 calls watch the server's health already, as many as may: end some, or ask by Check instead",
    });
    expect(await client.call('Check', { service: '' })).toEqual({ status: 'NOT_SERVING' });
    begun[0]?.watch.cancel();
    await until(async () => 'status' in (await begin().first));
  });

  test('refuses names that no service has, before it keeps them', async () => {
    expect(await begin('x'.repeat(257)).first).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'service: a name of 256 characters at most is expected',
    });
  });

  test('lets go at once of who begins to watch once the server ends', async () => {
    closing.abort();
    const told: string[] = [];
    const watch = client.watch('').on('data', (answer) => told.push(answer.status));
    await once(watch, 'end');
    expect(told).toEqual(['NOT_SERVING']);
  });
});
