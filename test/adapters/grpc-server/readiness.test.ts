import { ChannelCredentials, Client, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GrpcServer } from '../../../src/adapters/grpc-server/grpc-server.ts';
import { RequestsInHand } from '../../../src/adapters/requests-in-hand.ts';
import { DataPlane } from '../../../src/core/data-plane.ts';
import { ModelRepository } from '../../../src/core/model-repository.ts';
import { RunQueue } from '../../../src/core/run-queue.ts';
import { SessionCache } from '../../../src/core/session-cache.ts';
import { GrpcService } from '../../../src/grpc/grpc-service.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { FakeSessions } from '../../fakes/fake-sessions.ts';
import { FakeStore } from '../../fakes/fake-store.ts';

describe('tensorgate.Readiness', () => {
  let dataPlane: DataPlane;
  let service: GrpcService;
  let server: GrpcServer;
  let client: Client;

  beforeEach(async () => {
    const store = new FakeStore();
    store.add('m');
    const cache = new SessionCache(store, new FakeSessions().open, performance, { maxBytes: 1000, intraOpThreads: 1 });
    dataPlane = new DataPlane(new ModelRepository(store, cache), cache, new RunQueue(1, 10), performance);
    service = new GrpcService(dataPlane, {
      limits: defaultLimits,
      clock: performance,
      version: '1.0.0',
      authorize: () => {
        throw new ServiceError(401, 'no key');
      },
    });
    const options = { limits: defaultLimits, inHand: new RequestsInHand(defaultLimits), onAnswer: () => undefined };
    server = new GrpcServer(service, options);
    client = new Client(await server.listen(0, '127.0.0.1'), ChannelCredentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    await server.close(0);
  });

  /** The status of a call with an empty message, as load balancers send it. */
  const check = (path: string) =>
    new Promise((resolve) => {
      const asItIs = (bytes: Buffer) => bytes;
      client
        .makeUnaryRequest(path, asItIs, asItIs, Buffer.alloc(0), () => undefined)
        .on('status', ({ code, details }) => resolve([code, details]));
    });
  const path = '/tensorgate.Readiness/Check';

  test('has the status UNAVAILABLE until the models are loaded, and once the server ends, and needs no key', async () => {
    const notReady = [status.UNAVAILABLE, 'not ready: RepositoryIndex says why'];
    expect(await check(path)).toEqual(notReady);
    await dataPlane.repository.refresh();
    expect(await check(path)).toEqual([status.OK, 'OK']);
    service.end();
    expect(await check(path)).toEqual(notReady);
  });

  test('which the other ways to ask have not: what is not ready is a successful answer', async () => {
    for (const other of ['/inference.GRPCInferenceService/ServerReady', '/grpc.health.v1.Health/Check'])
      expect(await check(other)).toEqual([status.OK, 'OK']);
  });
});
