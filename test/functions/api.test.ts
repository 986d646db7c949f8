import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { lambdaContext, lambdaEvent } from './lambda-event.ts';

describe('the function behind API Gateway', () => {
  let handler: (event: object, context: object) => Promise<APIGatewayProxyResult | undefined>;
  const call = async (...event: Parameters<typeof lambdaEvent>) => {
    const result = (await handler(lambdaEvent(...event), lambdaContext())) as APIGatewayProxyResult;
    const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
    return { ...result, bytes };
  };
  const x = { name: 'X', datatype: 'FP32', shape: [1, 4] };
  const s3 = new FakeS3();
  const samples = sampleModels();
  const before = { ...process.env };

  beforeAll(async () => {
    process.env.TENSORGATE_MODELS = samples;
    process.env.TENSORGATE_DATA = 's3://models';
    // Far more than all suites in one process hold: a function that holds too much ends it.
    process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE = '10240';
    process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
    handler = (await import('../../functions/api.ts')).handler as unknown as typeof handler;
  });

  test('answers an inference, with the id of the request and the time of each stage', async () => {
    const answer = await call('POST', '/v2/models/iris/infer', { inputs: [{ ...x, data: [5.1, 3.5, 1.4, 0.2] }] });
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(JSON.parse(answer.body)).toMatchObject({ model_name: 'iris', outputs: [{ data: [0] }, { shape: [1, 3] }] });
    expect(answer.headers).toMatchObject({
      'x-request-id': 'request-1',
      'server-timing': expect.stringMatching(/^input;dur=.*infer;dur=.*total;dur=/),
    });
  });

  test('bytes pass in both directions', async () => {
    const json = JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [{ ...x, parameters: { binary_data_size: 16 } }],
    });
    const body = Buffer.concat([Buffer.from(json), new Uint8Array(Float32Array.of(5.1, 3.5, 1.4, 0.2).buffer)]);
    const headers = { 'Inference-Header-Content-Length': String(json.length) };
    const answer = await call('POST', '/v2/models/iris/infer', body, headers);
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    const length = Number(answer.headers?.['inference-header-content-length']);
    expect(answer.bytes.readBigInt64LE(length)).toBe(0n);
  });

  afterAll(() => {
    process.env = before;
  });

  test('large tensors pass through the data bucket', async () => {
    Object.assign(process.env, s3.environment);
    const { url, content_ref, max_bytes } = JSON.parse((await call('POST', '/v2/uploads')).body);
    expect(max_bytes).toBe(256 * 1024 * 1024);
    await fetch(url, { method: 'PUT', body: new Uint8Array(Float32Array.of(5.1, 3.5, 1.4, 0.2).buffer) });
    const answer = await call('POST', '/v2/models/iris/infer', {
      inputs: [{ ...x, parameters: { content_ref } }],
      parameters: { content_link_output: true },
    });
    const [{ data, parameters }] = JSON.parse(answer.body).outputs;
    expect(data).toBeUndefined();
    const linked = Buffer.from(await (await fetch(parameters.content_url)).arrayBuffer());
    expect(parameters.content_bytes).toBe(8);
    expect(linked.readBigInt64LE()).toBe(0n);
  });

  test.each([
    ['GET', '/v2/models/nope', undefined, 404, "there is no model 'nope'"],
    ['POST', '/v2/models/iris/infer', {}, 400, 'inputs'],
    ['PUT', '/v2/models/iris/infer', {}, 405, 'use POST'],
  ] as const)('%s %s of %j is an error in words', async (method, path, body, status, message) => {
    const answer = await call(method, path, body);
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body).error).toContain(message);
  });

  test('a caller has what its policy says, of what the authorizer passes on, and learns of nothing else', async () => {
    const as = async (policy: object, ...words: Parameters<typeof lambdaEvent>) => {
      const event = lambdaEvent(...words);
      event.requestContext.authorizer = { policy: JSON.stringify({ name: 'acme', ...policy }) };
      const { statusCode, body } = (await handler(event, lambdaContext())) as APIGatewayProxyResult;
      return { statusCode, body };
    };
    const inputs = { inputs: [{ ...x, data: [5.1, 3.5, 1.4, 0.2] }] };
    expect(await as({ models: ['iris'] }, 'POST', '/v2/models/iris/infer', inputs)).toMatchObject({ statusCode: 200 });
    expect(await as({ models: ['iris'] }, 'GET', '/v2/models')).toEqual({
      statusCode: 200,
      body: '{"models":["iris"]}',
    });
    expect((await as({ models: ['none'] }, 'GET', '/v2/models')).body).toBe('{"models":[]}');
    const refused = async (model: string) => {
      const answer = await as({ models: ['other'] }, 'POST', `/v2/models/${model}/infer`, inputs);
      return { ...answer, body: answer.body.replace(model, '…') };
    };
    expect(await refused('iris')).toEqual(await refused('nope'));
    expect(await refused('iris')).toMatchObject({
      statusCode: 403,
      body: expect.stringContaining("model '…', but for other"),
    });
    const embed = await as({ models: ['other'] }, 'POST', '/v1/embeddings', { model: 'iris', input: 'x' });
    expect(embed.statusCode).toBe(403);
    expect((await as({ actions: ['read'] }, 'POST', '/v2/models/iris/infer', inputs)).statusCode).toBe(403);
    expect((await as({}, 'POST', '/v2/repository/models/iris/unload', {})).statusCode).toBe(403);
    expect(await as({ expires: '2020-01-01' }, 'GET', '/v2/models')).toMatchObject({
      statusCode: 401,
      body: expect.stringContaining("the policy 'acme' was over at 2020-01-01"),
    });
  });

  test('is ready, though models load when they are first asked for', async () => {
    expect(await call('GET', '/v2/health/ready')).toMatchObject({ statusCode: 200, body: '{"ready":true}' });
  });

  test('an event that keeps the environment warm is no request', async () => {
    expect(await handler({ source: 'tensorgate.warm-up' }, lambdaContext())).toBeUndefined();
  });
});
