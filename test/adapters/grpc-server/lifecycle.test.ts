import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelCredentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { localhostCertificate } from '../../fakes/localhost-certificate.ts';
import { endlessModel, identityModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';
import { TestClient } from './test-client.ts';

const models = { same: identityModel('UINT8'), endless: endlessModel() };
const loop = (count: bigint) => ({
  model_name: 'endless',
  inputs: [{ name: 'n', datatype: 'INT64', shape: [] }],
  raw_input_contents: [Buffer.from(BigInt64Array.of(count).buffer)],
});

describe('the server of gRPC', () => {
  let grpc: StartedGrpc | undefined;

  afterEach(async () => {
    await grpc?.end();
    grpc = undefined;
  });

  test('when it ends it answers what is in flight, tells those who watch, and lets streams go', async () => {
    grpc = await startGrpc(models);
    const { client, server, address } = grpc;
    const watched: string[] = [];
    const watch = client.watch('').on('data', (answer) => watched.push(answer.status));
    const unwatched = once(watch, 'end');
    const stream = client.stream();
    const failed = once(stream, 'error');
    const answered = once(stream, 'data');
    stream.write({ model_name: 'none', id: 'a' });
    await answered;
    const running = client.call('ModelInfer', loop(20_000n));
    await sleep(50);
    const closed = server.close(10_000);
    expect(await running).toMatchObject({ model_name: 'endless' });
    expect((await failed)[0]).toMatchObject({ code: status.UNAVAILABLE, details: 'the server is stopping' });
    await unwatched;
    expect(watched).toEqual(['SERVING', 'NOT_SERVING']);
    await closed;
    const [host = '', port] = address.split(':');
    const [refused] = await once(connect(Number(port), host), 'error');
    expect(refused.code).toBe('ECONNREFUSED');
  });

  test('while requests still come it answers them, on new connections too, and says that it is not ready', async () => {
    grpc = await startGrpc(models);
    const closed = grpc.server.close(8000);
    for (let round = 0; round < 5; round += 1) {
      const client = new TestClient(grpc.address, { 'grpc.use_local_subchannel_pool': 1 });
      expect(await client.call('ServerReady')).toEqual({ ready: false });
      expect(await client.call('Check')).toEqual({ status: 'NOT_SERVING' });
      expect(await client.call('ModelInfer', loop(0n))).toMatchObject({ model_name: 'endless' });
      client.close();
      await sleep(20);
    }
    await closed;
  });

  test('what is not answered in time is cut, and told', async () => {
    grpc = await startGrpc(models);
    const failed = grpc.client.call('ModelInfer', loop(10n ** 12n)).catch((error) => error);
    const stream = grpc.client.stream();
    const failedInStream = once(stream, 'data');
    const ended = once(stream, 'error');
    stream.write(loop(10n ** 12n));
    const endless = grpc.server.dataPlane.repository.resolve('endless');
    while (endless.users < 2) await sleep(5);
    // A fifth of it is left for the last word.
    await grpc.server.close(5000);
    const details = 'the server ended before it had answered the request; send it again';
    expect(await failed).toMatchObject({ code: status.UNAVAILABLE, details });
    expect((await failedInStream)[0]).toMatchObject({ error_message: details });
    expect((await ended)[0]).toMatchObject({ code: status.UNAVAILABLE, details: 'the server is stopping' });
    expect([endless.statistics.failures('REJECTED'), endless.statistics.failures('CANCELED')]).toEqual([0, 2]);
  });

  test('answers over TLS alone where it has a certificate, on both ports', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tensorgate-tls-'));
    const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    await writeFile(tls.cert, localhostCertificate.cert);
    await writeFile(tls.key, localhostCertificate.key);
    grpc = await startGrpc(models, {}, { tls });
    await rm(folder, { recursive: true });
    await expect(grpc.client.call('ServerLive', {}, { deadline: Date.now() + 500 })).rejects.toThrow();
    const secure = ChannelCredentials.createSsl(Buffer.from(localhostCertificate.cert));
    const client = new TestClient(grpc.address.replace('127.0.0.1', 'localhost'), {}, secure);
    expect(await client.call('ServerLive')).toEqual({ live: true });
    client.close();
    const { protocol, port } = new URL(grpc.server.url);
    expect(protocol).toBe('https:');
    const overHttp = get({ port, path: '/v2/health/live', ca: localhostCertificate.cert });
    const [response] = await once(overHttp, 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    // Half a handshake holds nobody up.
    const half = connect(Number(port), '127.0.0.1');
    await once(half, 'connect');
    const started = performance.now();
    await grpc.server.close(20_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('says which of its addresses cannot be had', async () => {
    grpc = await startGrpc(models);
    const port = Number(grpc.address.split(':')[1]);
    await expect(startGrpc(models, {}, { grpcPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE', isGrpc: true });
    await expect(startGrpc(models, {}, { host: 'no-such-host.invalid' })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
