import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as GrpcServer, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { loadProto } from '../../../src/adapters/grpc-server/load-proto.ts';
import { remoteModels } from '../../../src/adapters/remote-models/remote-models.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

const metadata = {
  name: 'm',
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
};
const run = { inputNames: ['x'], inputs: [floatTensor([1], [1])], outputNames: ['y'] };
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Whom a request came to that is not answered. */
class Silence {
  #heard = Promise.withResolvers<void>();

  hear = (): void => this.#heard.resolve();

  async asked(): Promise<void> {
    await this.#heard.promise;
    this.#heard = Promise.withResolvers();
  }
}

/** A server that tells of its model, unless it `isSilent`, and answers no run. */
async function startHttp(silence: Silence, isSilent: boolean): Promise<URL> {
  const server: Server = createServer((request, response) => {
    if (request.method === 'GET' && !isSilent) response.end(JSON.stringify(metadata));
    else silence.hear();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function startGrpc(silence: Silence, isSilent: boolean): Promise<URL> {
  const server = new GrpcServer();
  server.addService(loadProto()['inference.GRPCInferenceService'] as ServiceDefinition, {
    ModelMetadata: (_call: object, answer: (error: null, message: object) => void) => {
      if (isSilent) silence.hear();
      else answer(null, metadata);
    },
    ModelInfer: silence.hear,
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  ends.push(() => server.forceShutdown());
  return new URL(`grpc://127.0.0.1:${port}`);
}

describe.each([
  ['HTTP', startHttp],
  ['gRPC', startGrpc],
])('a server that does not answer, over %s', (_protocol, start) => {
  test('is waited for a while, to say what its model is', async () => {
    const [silence, time] = [new Silence(), new FakeTime()];
    const servers = new Map([['second', { url: await start(silence, true), key: undefined }]]);
    const opening = remoteModels(servers, { timers: time })('second', 'm', undefined);
    const refused = expect(opening).rejects.toMatchObject({
      status: 504,
      message: "the server 'second' has not said in 15 s what its model 'm' takes and gives",
    });
    await silence.asked();
    await time.pass(15_000);
    await refused;
  });

  test('is waited for as long as a run may take', async () => {
    const [silence, time] = [new Silence(), new FakeTime()];
    const servers = new Map([['second', { url: await start(silence, false), key: undefined }]]);
    const { run: ask } = await remoteModels(servers, { runTimeoutMs: 500, timers: time })('second', 'm', undefined);
    const refused = expect(ask(run)).rejects.toMatchObject({
      status: 504,
      message: "the server 'second' has not answered in 500 ms, and was given up (serve --run-timeout-ms)",
    });
    await silence.asked();
    await time.pass(500);
    await refused;
    const leaving = new AbortController();
    const left = expect(ask(run, leaving.signal)).rejects.toMatchObject({
      status: 504,
      message: expect.stringContaining('was cancelled'),
    });
    await silence.asked();
    leaving.abort();
    await left;
  });
});
