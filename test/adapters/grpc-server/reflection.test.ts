import { once } from 'node:events';
import { connect } from 'node:http2';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChannelCredentials,
  type ClientDuplexStream,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addReflection } from '../../../src/adapters/grpc-server/add-reflection.ts';
import { loadProto } from '../../../src/adapters/grpc-server/load-proto.ts';
import { type ReflectionCall, ReflectionCalls } from '../../../src/adapters/grpc-server/reflection-calls.ts';

const service = 'grpc.reflection.v1.ServerReflection';
const packageFile = createRequire(import.meta.url).resolve('@grpc/reflection/package.json');
const proto = loadSync(packageFile.replace('package.json', 'build/proto/grpc/reflection/v1/reflection.proto'));
const definition = proto[service] as ServiceDefinition;

// biome-ignore lint/suspicious/noExplicitAny: messages are what the proto file says.
type Ask = ClientDuplexStream<object, any>;

describe('reflection', () => {
  let server: Server;
  let closing: AbortController;
  // biome-ignore lint/suspicious/noExplicitAny: the methods come with the definition.
  let client: any;

  beforeEach(() => {
    server = new Server();
    closing = new AbortController();
  });
  afterEach(() => {
    client.close();
    server.forceShutdown();
  });

  async function listen(): Promise<number> {
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const Client = makeGenericClientConstructor(definition, service);
    client = new Client(`127.0.0.1:${port}`, ChannelCredentials.createInsecure());
    return port;
  }

  /** Asks what services there are; `first` is what is heard first, or the error. */
  function begin(question: object = { listServices: '*' }) {
    const call: Ask = client.ServerReflectionInfo();
    const { promise: first, resolve } = Promise.withResolvers<object>();
    call.on('data', resolve).on('error', resolve);
    call.write(question);
    return { call, first };
  }

  test('tells of all services, and ends when its caller, or the server, does', async () => {
    addReflection(server, loadProto(), closing.signal);
    await listen();
    const asked = begin();
    const names = ['inference.GRPCInferenceService', 'grpc.health.v1.Health', 'tensorgate.Readiness'];
    const services = expect.arrayContaining(names.map((name) => ({ name })));
    expect(await asked.first).toMatchObject({ listServicesResponse: { service: services } });
    asked.call.end();
    await once(asked.call, 'end');
    const open = begin();
    await open.first;
    closing.abort();
    await once(open.call, 'end');
    const late = begin();
    await once(late.call, 'end');
  });

  test('takes a thousand who ask, and tells others what to do; it takes more once some have ended', async () => {
    addReflection(server, loadProto(), closing.signal);
    await listen();
    const begun = Array.from({ length: 1000 }, () => begin());
    await Promise.all(begun.map(({ first }) => first));
    const refused = {
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringMatching(/^1000 calls ask by reflection/),
    };
    expect(await begin().first).toMatchObject(refused);
    begun[0]?.call.cancel();
    begun[1]?.call.end();
    await once(begun[1]?.call as Ask, 'end');
    let taken = 0;
    while (taken < 2) {
      const answer = await begin().first;
      if ('listServicesResponse' in answer) taken += 1;
    }
    expect(await begin().first).toMatchObject(refused);
  });

  test.each([
    { fileContainingSymbol: 'x'.repeat(257) },
    { host: 'x'.repeat(257), listServices: '*' },
    { fileContainingExtension: { containingType: 'x'.repeat(257), extensionNumber: 1 } },
  ])('refuses names that nothing has, before it answers with them', async (question) => {
    addReflection(server, loadProto(), closing.signal);
    await listen();
    expect(await begin(question).first).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'a question with names of 256 characters at most is expected',
    });
  });

  test('asks nothing more of who does not read the answers, until they do', async () => {
    const calls = new ReflectionCalls(closing.signal);
    let answered = 0;
    const answer = { fileDescriptorResponse: { fileDescriptorProto: [Buffer.alloc(64 * 1024)] } };
    const handle = (call: ReflectionCall) => {
      call.on('data', () => {
        answered += 1;
        call.write(answer);
      });
      call.on('end', () => call.end());
    };
    server.addService(definition, { ServerReflectionInfo: (call: ReflectionCall) => calls.add(call, handle) });
    const port = await listen();
    // grpc-js's own client takes all that comes, whether anybody reads it or not.
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => undefined);
    const path = `/${service}/ServerReflectionInfo`;
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const asking = session.request(headers).on('error', () => undefined);
    const questions = 2000;
    // A length of five bytes, and the field 7, `list_services`, with '*'.
    const question = Buffer.from([0, 0, 0, 0, 3, 0x3a, 1, 0x2a]);
    asking.end(Buffer.concat(Array.from({ length: questions }, () => question)));
    let before = -1;
    while (answered === 0 || before < answered) {
      before = answered;
      await sleep(500);
    }
    expect(answered).toBeLessThan(questions / 4);
    let heard = 0;
    asking.on('data', (bytes: Buffer) => {
      heard += bytes.length;
    });
    await once(asking, 'end');
    session.close();
    expect(answered).toBe(questions);
    expect(heard).toBeGreaterThan(questions * 64 * 1024);
  });
});
