import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { keyCaller } from '../../src/adapters/api-keys/key-caller.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { defaultConfig } from '../fakes/fake-store.ts';
import { lambdaContext, lambdaEvent } from './lambda-event.ts';

const run = async (
  answer: (request: HttpRequest) => Promise<HttpResponse>,
  event: object | null = lambdaEvent('POST', '/a', { hello: 'you' }),
  remainingMs = 29_000,
  warmUp: () => Promise<void> = () => Promise.resolve(),
  corsOrigin?: string,
) => {
  const { edge } = await import('../../functions/edge.ts');
  const handler = edge({ callerIn, answer, warmUp }, { maxDecompressedBytes: 1000, corsOrigin }) as unknown as (
    event: object | null,
    context: object,
  ) => Promise<APIGatewayProxyResult>;
  return handler(event, lambdaContext(remainingMs));
};

const callerIn = async () => keyCaller({ name: 'acme' });
const none = async () => jsonResponse({});

describe('edge', () => {
  beforeAll(() => {
    process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  });

  test('a deadline answers 504 before Lambda ends the process, and ends the work', async () => {
    let signal: AbortSignal | undefined;
    // Timers that are due end in their order, however busy the machine is.
    const lambda = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('ended by Lambda')), 600));
    const answering = run(
      (request) => {
        signal = request.gone();
        return new Promise(() => undefined);
      },
      undefined,
      600,
    );
    const answer = await Promise.race([answering, lambda]);
    lambda.catch(() => undefined);
    expect(answer.statusCode).toBe(504);
    expect(signal?.aborted).toBe(true);
  });

  test('what fails under /v1 has the error object of OpenAI', async () => {
    const refuse = () => Promise.reject(new ServiceError(405, 'not so', { allow: ['GET'] }));
    const { statusCode, body, headers } = await run(refuse, lambdaEvent('PUT', '/v1/files'));
    const error = { message: 'not so', type: 'invalid_request_error', param: null, code: null };
    expect({ statusCode, body: JSON.parse(body), allow: headers?.allow }).toEqual({
      statusCode: 405,
      body: { error },
      allow: 'GET',
    });
  });

  test('an answer that Lambda would not carry is 413, and says what to do', async () => {
    const answer = await run(async () => jsonResponse('x'.repeat(7_000_000)));
    expect(answer).toMatchObject({ statusCode: 413, body: expect.stringContaining('ask for fewer outputs') });
    expect(answer.body).toContain('links to the outputs (content_link_output)');
  });

  test('an answer is measured as Lambda carries it, with its quotes escaped', async () => {
    const words = (count: number) => run(async () => jsonResponse(Array.from({ length: count }, () => 'x')));
    // 4 bytes each, of which two are quotes: 6 as Lambda carries them.
    expect((await words(1_000_000)).statusCode).toBe(200);
    expect((await words(1_200_000)).statusCode).toBe(413);
  });

  test('a page of the origin that may call can read what it needs of an answer, and of a failure', async () => {
    for (const answer of [none, () => Promise.reject(new ServiceError(503, 'full'))]) {
      const { headers } = await run(answer, undefined, undefined, undefined, 'https://app.example.com');
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-expose-headers': expect.stringMatching(/inference-header-content-length.*x-request-id/),
      });
    }
    expect(Object.keys((await run(none)).headers ?? {}).join()).not.toContain('access-control');
  });

  test('undoes compression within the limit', async () => {
    const echo = async ({ body }: HttpRequest) => jsonResponse(Buffer.from(body).toString());
    const compressed = (text: string) => lambdaEvent('POST', '/a', gzipSync(text), { 'Content-Encoding': 'gzip' });
    expect((await run(echo, compressed('hello'))).body).toBe('"hello"');
    expect((await run(echo, compressed('x'.repeat(2000)))).statusCode).toBe(413);
  });

  test('errors keep their status; faults of ours tell nothing', async () => {
    const refused = await run(async () => {
      throw new ServiceError(503, 'busy', { retryAfterSeconds: 7 });
    });
    expect(refused).toMatchObject({ statusCode: 503, headers: { 'retry-after': '7' }, body: '{"error":"busy"}' });
    const failed = await run(async () => {
      throw new Error('secret');
    });
    expect(failed.statusCode).toBe(500);
    expect(failed.body).not.toContain('secret');
  });

  test('a warm-up event is no request; where it fails or takes too long, that is no error of the function', async () => {
    const event = { source: 'tensorgate.warm-up' };
    let warmUps = 0;
    const warm = async () => {
      warmUps += 1;
    };
    expect(await run(none, event, undefined, warm)).toBeUndefined();
    expect(warmUps).toBe(1);
    const failing = () => Promise.reject(new Error('S3 is down'));
    expect(await run(none, event, undefined, failing)).toBeUndefined();
    expect(await run(none, event, 510, () => new Promise(() => undefined))).toBeUndefined();
  });
});

test.each([
  [{ version: '2.0', rawPath: '/v2' }, 'with the fields version, rawPath'],
  [{ source: 'aws.events' }, 'with the fields source'],
  [{}, 'with the fields (none)'],
  [{ httpMethod: 'GET' }, 'with the fields httpMethod'],
  [null, 'got null'],
])('an event of another kind fails: %j', async (event, message) => {
  let warmUps = 0;
  const failing = run(none, event, undefined, async () => {
    warmUps += 1;
  });
  await expect(failing).rejects.toThrow(message);
  await expect(failing).rejects.toThrow("expected a request of API Gateway's REST proxy");
  expect(warmUps).toBe(0);
});

describe('what edge records', () => {
  const lines: string[] = [];
  const served = { ...jsonResponse({}), served: { model: 'iris', version: '3' } };
  const written = () => lines.map((line) => JSON.parse(line));

  beforeEach(() => {
    lines.length = 0;
    jest.resetModules();
    process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
    process.env.POWERTOOLS_DEV = 'true';
    for (const method of ['log', 'info', 'error'] as const)
      jest.spyOn(console, method).mockImplementation((line) => void lines.push(String(line)));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env.POWERTOOLS_DEV;
  });

  test('a load is counted by model, version and form', async () => {
    const { countLoad } = await import('../../functions/count-load.ts');
    for (const form of ['prepared', 'stored'] as const)
      countLoad(new ModelVersion('iris', 3, defaultConfig), { form, whyPlain: '', bytes: 1 });
    expect(written()).toMatchObject([
      { Loads: 1, model: 'iris', version: '3', form: 'prepared' },
      { Loads: 1, model: 'iris', version: '3', form: 'stored' },
    ]);
    const [directive] = written()[1]._aws.CloudWatchMetrics;
    expect(directive).toMatchObject({ Namespace: 'Tensorgate', Metrics: [{ Name: 'Loads', Unit: 'Count' }] });
    expect(directive.Dimensions).toEqual([['service', 'model', 'version', 'form']]);
  });

  test('what is on trial is told by model, version, alias and role', async () => {
    const { countTrials } = await import('../../functions/count-trials.ts');
    const shadow = { model: 'm', alias: 'production', version: 6, role: 'shadow' as const };
    const canary = { ...shadow, version: 5, role: 'canary' as const };
    countTrials([
      { ...shadow, compared: 9, disagreed: 2, difference: Number.POSITIVE_INFINITY },
      { ...canary, compared: 0, disagreed: 0, difference: 0, state: { percent: 10, evidence: 0.5 } },
    ]);
    const [first, second] = written();
    expect(first).toMatchObject({ ...shadow, version: '6', Compared: 9, Disagreed: 2 });
    // JSON has no infinite number, and CloudWatch none either.
    expect(first).not.toHaveProperty('Difference');
    expect(second).toMatchObject({ ...canary, version: '5', CanaryPercent: 10, CanaryEvidence: 0.5 });
    expect(second).not.toHaveProperty('Compared');
    expect(second._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'model', 'version', 'alias', 'role']]);
  });

  test('the caller stands in each line of a request, and with its metric, but is no dimension of it', async () => {
    await run(async () => {
      const { logger } = await import('../../functions/logger.ts');
      logger.info('in between');
      return served;
    });
    const [between, answered, metric] = written();
    expect(between).toMatchObject({ message: 'in between', requestId: 'request-1', keyId: 'key-1' });
    expect(answered).toMatchObject({ message: 'answered', requestId: 'request-1', keyId: 'key-1', status: 200 });
    expect(metric).toMatchObject({ keyId: 'key-1', model: 'iris', version: '3', InferenceMs: expect.any(Number) });
    expect(metric._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'model', 'version']]);
  });

  test('an IAM principal is named as a key is, and the caller of one request is not in the lines of the next', async () => {
    const event = lambdaEvent('GET', '/a');
    Object.assign(event.requestContext, { identity: { userArn: 'arn:aws:iam::1:user/ann' } });
    await run(async () => served, event);
    await run(none, { source: 'tensorgate.warm-up' }, undefined, async () => {
      const { logger } = await import('../../functions/logger.ts');
      logger.info('later');
    });
    const [answered, metric, later] = written();
    expect(answered).toMatchObject({ principal: 'arn:aws:iam::1:user/ann' });
    expect(answered.keyId).toBeUndefined();
    expect(metric).toMatchObject({ principal: 'arn:aws:iam::1:user/ann' });
    expect(later).toMatchObject({ message: 'later' });
    expect(later.principal ?? later.requestId).toBeUndefined();
  });

  test('bodies are in none of it', async () => {
    await run(async () => ({ ...served, ...jsonResponse('an answer') }), lambdaEvent('POST', '/a', { hello: 'you' }));
    expect(lines.join()).not.toMatch(/hello|an answer/);
  });
});
