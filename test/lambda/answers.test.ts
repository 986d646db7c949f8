import { describe, expect, jest, test } from '@jest/globals';
import { Deployment } from './deployment.ts';

jest.setTimeout(60_000);
const deployment = new Deployment();
const iris = { inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [5.1, 3.5, 1.4, 0.2] }] };
const shaped = (n: number, m: number, binary = false) => ({
  ...(binary && { parameters: { binary_data_output: true } }),
  inputs: [{ name: 'shape', datatype: 'INT64', shape: [2], data: [n, m] }],
});

describe('the bundle under the emulator', () => {
  test('answers right, and asks S3 for nothing once it is warm but one listing every 30 s', async () => {
    const lambda = await deployment.function();
    const infer = () => lambda.call('POST', '/v2/models/iris/infer', iris);
    expect((await infer()).json).toMatchObject({ model_version: '1', outputs: [{ data: [0] }, { shape: [1, 3] }] });
    expect(deployment.proxy.take()).toContainEqual(expect.stringMatching(/^GET .*\/iris\/1\/model\.onnx/));

    for (let i = 0; i < 20; i += 1) await infer();
    expect(deployment.proxy.take()).toEqual([]);

    await lambda.skipTime();
    for (let i = 0; i < 20; i += 1) await infer();
    expect(deployment.proxy.take()).toEqual([expect.stringMatching(/^GET .*list-type=2/)]);
  });

  test('notices a new version, and an alias back to the old one, after half a minute', async () => {
    await deployment.put('moving/1/model.onnx', 'models/iris/1/model.onnx');
    const lambda = await deployment.function();
    const version = async () => (await lambda.call('POST', '/v2/models/moving/infer', iris)).json.model_version;
    expect(await version()).toBe('1');
    await deployment.put('moving/2/model.onnx', 'models/iris/1/model.onnx');
    expect(await version()).toBe('1');
    await lambda.skipTime();
    expect(await version()).toBe('2');
    await deployment.put('moving/aliases.json', '{"production": 1}');
    await lambda.skipTime();
    expect(await version()).toBe('1');
  });

  test('a warm-up event gets it ready: the first request asks S3 for nothing', async () => {
    const lambda = await deployment.function({ environment: { TENSORGATE_PINNED: 'iris' } });
    expect((await lambda.invoke({ source: 'tensorgate.warm-up' })).text).toBe('null');
    expect(lambda.log).toContain('a version serves');
    expect(lambda.log).not.toContain('answered');
    deployment.proxy.take();
    expect((await lambda.call('POST', '/v2/models/iris/infer', iris)).result.statusCode).toBe(200);
    expect(deployment.proxy.take()).toEqual([]);
  });

  test('bodies up to Lambda’s 6 MB pass both ways; a larger answer is 413 and names the limit', async () => {
    const lambda = await deployment.function();
    const padded = (bytes: number) => JSON.stringify({ ...iris, id: 'a' }).padEnd(bytes);
    const event = (bytes: number) => ({
      httpMethod: 'POST',
      path: '/v2/models/iris/infer',
      headers: {},
      body: padded(bytes),
      isBase64Encoded: false,
      requestContext: { requestId: 'large', identity: {} },
    });
    // The emulator, as Lambda, takes 6 MB and 100 bytes for the whole event, and lets nothing larger reach the
    // function.
    const room = 6 * 1024 * 1024 + 100 - JSON.stringify(event(0)).length;
    const full = event(room - (JSON.stringify(event(room)).length - (6 * 1024 * 1024 + 100)));
    expect(JSON.stringify(full).length).toBe(6 * 1024 * 1024 + 100);
    expect((await lambda.invoke(full)).json).toMatchObject({ outputs: [{ data: [0] }, {}] });

    const bytesOut = async (rows: number) => {
      const { result } = await lambda.call('POST', '/v2/models/zeros/infer', shaped(rows, 1024, true));
      return { status: result.statusCode, bytes: Buffer.from(result.body, 'base64').length, body: result.body };
    };
    // Rows of 4 KiB, in base64: 4.4 MiB.
    expect(await bytesOut(1100)).toMatchObject({ status: 200, bytes: expect.any(Number) });
    expect((await bytesOut(1100)).bytes).toBeGreaterThan(1100 * 4096);
    const refused = await bytesOut(1150);
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.body).error).toMatch(/more than Lambda carries \(4\.4 MiB of bytes\)/);
  });
});

describe('time', () => {
  test('a run that takes too long is ended, and answered with 504 before Lambda would end the process', async () => {
    const lambda = await deployment.function({ timeoutSeconds: 3 });
    await lambda.call('POST', '/v2/models/slow/infer', shaped(2, 2));
    const before = lambda.runtime;
    // Each of its 40 products takes the better part of a second, and a run ends between two of them.
    const late = await lambda.call('POST', '/v2/models/slow/infer', shaped(3000, 3000));
    expect(late.result).toMatchObject({ statusCode: 504, headers: { 'retry-after': '1' } });
    expect(late.json.error).toMatch(/^there was no answer within the 2\.\d s that were left; send less at once/);
    // The same process goes on, and is not busy with what nobody waits for.
    const next = await lambda.call('POST', '/v2/models/slow/infer', shaped(2, 2));
    expect(next.json.outputs).toMatchObject([{ data: [0, 0, 0, 0] }]);
    expect(lambda.runtime).toBe(before);
  });

  test('a store too slow for one request is 504; the load goes on, and a later request has its answer', async () => {
    const lambda = await deployment.function({ timeoutSeconds: 2, environment: { TENSORGATE_PINNED: 'iris' } });
    deployment.proxy.delayMs = 1200;
    const late = await lambda.call('POST', '/v2/models/iris/infer', iris);
    expect(late.result.statusCode).toBe(504);
    expect(late.json.error).toContain('a model was still loading');
    const statuses: number[] = [];
    while (statuses.at(-1) !== 200 && statuses.length < 5)
      statuses.push((await lambda.call('POST', '/v2/models/iris/infer', iris)).result.statusCode);
    expect(statuses.at(-1)).toBe(200);
  });

  test('pinned models that take longer than the 10 s of the init phase still answer the first request', async () => {
    const lambda = await deployment.function({ environment: { TENSORGATE_PINNED: 'iris' } });
    deployment.proxy.delayMs = 5500;
    const answer = await lambda.call('POST', '/v2/models/iris/infer', iris);
    expect(answer.json.outputs).toMatchObject([{ data: [0] }, {}]);
    expect(Number(/total;dur=(\d+)/.exec(String(answer.result.headers?.['server-timing']))?.[1])).toBeGreaterThan(
      10_000,
    );
  });
});

describe('memory', () => {
  test('too much of it costs idle models, no request, and the process only in a warm-up event', async () => {
    for (const name of ['a', 'b', 'c']) await deployment.put(`${name}/1/model.onnx`, 'models/iris/1/model.onnx');
    // So little that the process alone is over it.
    const lambda = await deployment.function({ memoryMb: 16 });
    const statuses: number[] = [];
    for (const name of ['a', 'b', 'c', 'a', 'b', 'c', 'a'])
      statuses.push((await lambda.call('POST', `/v2/models/${name}/infer`, iris)).result.statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200]);
    expect(lambda.log).toContain('let go of idle models');
    expect(lambda.log).toMatch(/a version was let go.*released to make room/);

    const before = lambda.runtime;
    await lambda.invoke({ source: 'tensorgate.warm-up' });
    expect(lambda.log).toContain('gives way to a new one');
    expect((await lambda.call('POST', '/v2/models/a/infer', iris)).json.outputs).toMatchObject([{ data: [0] }, {}]);
    expect(lambda.runtime).not.toBe(before);
  });
});
