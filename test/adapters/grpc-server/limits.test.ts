import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { compressionAlgorithms, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endlessModel, identityModel } from '../models.ts';
import { type StartedGrpc, startGrpc } from './start-grpc.ts';
import { TestClient } from './test-client.ts';

const infer = (bytes: number) => ({
  model_name: 'same',
  inputs: [{ name: 'x', datatype: 'UINT8', shape: [bytes] }],
  raw_input_contents: [Buffer.alloc(bytes)],
});
const endless = {
  model_name: 'endless',
  inputs: [{ name: 'n', datatype: 'INT64', shape: [] }],
  raw_input_contents: [Buffer.from(BigInt64Array.of(10n ** 12n).buffer)],
};

describe('the limits of gRPC', () => {
  let grpc: StartedGrpc;
  let session: ClientHttp2Session;
  const headers = {
    ':method': 'POST',
    ':path': '/inference.GRPCInferenceService/ModelInfer',
    'content-type': 'application/grpc',
    te: 'trailers',
  };

  beforeAll(async () => {
    grpc = await startGrpc(
      { same: identityModel('UINT8'), endless: endlessModel() },
      { maxBodyBytes: 3000, maxDecompressedBytes: 4000, maxBytesInHand: 4500, maxConcurrentRequests: 2 },
    );
    session = connect(`http://${grpc.address}`);
  });
  afterAll(async () => {
    session.close();
    await grpc.end();
  });

  test('a message past maxBodyBytes is refused', async () => {
    await expect(grpc.client.call('ModelInfer', infer(3000))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringMatching(/larger than max \(\d+ vs 3000\)/),
    });
    expect(await grpc.client.call('ModelInfer', infer(2900))).toMatchObject({ model_name: 'same' });
  });

  test.each(['gzip', 'deflate'] as const)('a message in %s is taken, up to maxDecompressedBytes', async (name) => {
    const client = new TestClient(grpc.address, {
      'grpc.default_compression_algorithm': compressionAlgorithms[name],
    });
    expect(await client.call('ModelInfer', infer(3900))).toMatchObject({ model_name: 'same' });
    await expect(client.call('ModelInfer', infer(100_000))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: 'the body is larger than maxDecompressedBytes, 4000 bytes, once decompressed',
    });
    client.close();
  });

  test.each([
    ['gzip', status.INVALID_ARGUMENT, 'the body is not valid gzip data'],
    ['snappy', status.UNIMPLEMENTED, "content encoding 'snappy': expected gzip, deflate or identity"],
  ])('a message that is no %s is refused', async (encoding, code, message) => {
    const stream = session.request({ ...headers, 'grpc-encoding': encoding });
    stream.end(Buffer.from([1, 0, 0, 0, 2, 9, 9]));
    const [answered] = await once(stream, 'response');
    expect(answered).toMatchObject({ 'grpc-status': String(code), 'grpc-message': encodeURI(message) });
    stream.close();
  });

  test('a connection may send much at once from its first call on', async () => {
    const other = connect(`http://${grpc.address}`);
    const stream = other.request(headers);
    const isWide = () =>
      other.remoteSettings.initialWindowSize === 1024 ** 2 && other.state.remoteWindowSize === 1024 ** 2;
    while (!isWide()) await sleep(20);
    stream.close();
    other.close();
  });

  test('bytes that have arrived count before their message is whole, and no longer than they are held', async () => {
    const stream = session.request(headers);
    // The head of a message of 3000 bytes, and most of it.
    stream.write(Buffer.concat([Buffer.from([0, 0, 0, 0x0b, 0xb8]), Buffer.alloc(2500)]));
    await sleep(100);
    const refusal = 'the bodies of all requests at once are larger than maxBytesInHand, 4500 bytes; try again later';
    await expect(grpc.client.call('ModelInfer', infer(2500))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: refusal,
    });
    const overHttp = await fetch(`${grpc.server.url}/v2/models/same/infer`, { method: 'POST', body: 'x'.repeat(2500) });
    expect(await overHttp.json()).toEqual({ error: refusal });
    stream.close();
    await once(stream, 'close');
    for (let round = 0; round < 5; round += 1) await grpc.client.call('ModelInfer', infer(2900));
  });

  test('requests past maxConcurrentRequests are refused at once, whichever port they came in by; health is not', async () => {
    const running = [0, 1].map(() => grpc.client.start('ModelInfer', endless));
    const answers = Promise.allSettled(running.map(({ answer }) => answer));
    await sleep(200);
    await expect(grpc.client.call('ModelInfer', infer(1))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: 'the server has maxConcurrentRequests, 2, in hand already; try again later',
    });
    expect((await fetch(`${grpc.server.url}/v2`)).status).toBe(503);
    expect(await grpc.client.call('ServerReady')).toEqual({ ready: true });
    expect(await grpc.client.call('Check')).toEqual({ status: 'SERVING' });
    for (const { cancel } of running) cancel();
    await answers;
    await sleep(100);
    expect(await grpc.client.call('ModelInfer', infer(1))).toMatchObject({ model_name: 'same' });
  });
});
