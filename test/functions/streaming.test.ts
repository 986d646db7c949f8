import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { keyCaller } from '../../src/adapters/api-keys/key-caller.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import { awslambda, responseStream } from '../lambda/awslambda.mjs';
import { lambdaContext, lambdaEvent } from './lambda-event.ts';

const streamed = (path: string, resource = '/v1/{proxy+}', headers: Record<string, string> = {}) => ({
  ...lambdaEvent('POST', path, { hello: 'you' }, headers),
  resource,
});
const text = (pieces: readonly string[]) => pieces.map((piece) => Buffer.from(piece));
const events = ['content-type', 'text/event-stream'];

/** A function's answer as it comes, to a caller that takes streams or to one that does not. */
class Invocation {
  readonly stream = new PassThrough();
  contentType = '';
  ended: Promise<void>;

  constructor(handler: unknown, event: object | null, context: object) {
    const out = responseStream(this.stream, (type: string) => {
      this.contentType = type;
    });
    this.ended = (handler as (...args: unknown[]) => Promise<void>)(event, out, context);
    this.ended.catch(() => undefined);
  }

  /** What has come since it was last asked. */
  async come(): Promise<string> {
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    return (this.stream.read() ?? '').toString();
  }

  async all(): Promise<{ head: { statusCode: number; headers: Record<string, string> }; body: string }> {
    const [parts] = await Promise.all([this.stream.toArray(), this.ended]);
    const [head = '', body = ''] = Buffer.concat(parts).toString().split('\0\0\0\0\0\0\0\0');
    return { head: JSON.parse(head), body };
  }
}

test('the function before sleeping containers streams what they stream', async () => {
  Object.assign(globalThis, { awslambda });
  const { passOn } = await import('../../functions/pass-on.ts');
  const errors: object[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object) => errors.push(fields) };
  async function* stream(isBroken: boolean) {
    yield Buffer.from('data: 1\n\n');
    if (isBroken) throw new Error('the container has gone');
  }
  const invoke = (isBroken: boolean, resource: string) => {
    const ask = async () => ({ status: 200, headers: events, body: [], stream: stream(isBroken) });
    const handler = passOn(ask, log, { streams: true, answerMs: 29_000 });
    return new Invocation(handler, streamed('/v2/models/story/generate_stream', resource), lambdaContext());
  };
  const path = '/v2/models/story/generate_stream';
  expect(await invoke(false, path).all()).toMatchObject({ head: { statusCode: 200 }, body: 'data: 1\n\n' });
  const broken = invoke(true, path);
  await expect(broken.ended).rejects.toThrow('the container has gone');
  expect(errors).toMatchObject([{ requestId: 'request-1', path, error: { message: 'the container has gone' } }]);
  const whole = invoke(false, '/v2/models/story/{proxy+}');
  await whole.ended;
  expect(JSON.parse(await whole.come())).toMatchObject({ statusCode: 200, body: 'data: 1\n\n' });
  delete (globalThis as { awslambda?: unknown }).awslambda;
});

describe('a function that streams', () => {
  const lines: string[] = [];
  const written = () => lines.map((line) => JSON.parse(line));
  const invoke = async (
    answer: (request: HttpRequest) => Promise<HttpResponse>,
    event: object | null,
    { remainingMs = 900_000, answerMs = 29_000, context = lambdaContext(remainingMs) } = {},
  ) => {
    const { edge } = await import('../../functions/edge.ts');
    const options = { maxDecompressedBytes: 1000, corsOrigin: undefined, answerMs, streams: true };
    return new Invocation(
      edge({ callerIn: async () => keyCaller({ name: 'acme' }), answer, warmUp: async () => undefined }, options),
      event,
      context,
    );
  };

  beforeEach(() => {
    lines.length = 0;
    jest.resetModules();
    process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
    process.env.POWERTOOLS_DEV = 'true';
    Object.assign(globalThis, { awslambda });
    for (const method of ['log', 'info', 'error'] as const)
      jest.spyOn(console, method).mockImplementation((line) => void lines.push(String(line)));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env.POWERTOOLS_DEV;
    delete (globalThis as { awslambda?: unknown }).awslambda;
  });

  test('sends the head at once, each piece as it comes, and is recorded at the end', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* stream() {
      for (const [i, gate] of gates.entries()) {
        await gate.promise;
        yield Buffer.from(`data: ${i}\n\n`);
      }
    }
    const served = { model: 'story', version: '2' };
    const answer = async () => ({ status: 200, headers: events, body: [], stream: stream(), served });
    const context = lambdaContext();
    const invocation = await invoke(answer, streamed('/v1/completions'), { context });
    const head = await invocation.come();
    expect(head).toMatch(/^\{.*\}\0{8}$/);
    expect(JSON.parse(head.slice(0, -8))).toEqual({
      statusCode: 200,
      headers: {
        'content-type': 'text/event-stream',
        'x-request-id': 'request-1',
        'x-tensorgate-version': '2',
        'server-timing': expect.stringMatching(/^total;dur=/),
      },
    });
    expect(invocation.contentType).toBe('application/vnd.awslambda.http-integration-response');
    gates[0]?.resolve();
    expect(await invocation.come()).toBe('data: 0\n\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(written()).toEqual([]);
    gates[1]?.resolve();
    await invocation.ended;
    expect(await invocation.come()).toBe('data: 1\n\n');
    expect(written()).toMatchObject([
      { message: 'answered', status: 200, path: '/v1/completions', requestId: 'request-1', model: 'story' },
      { model: 'story', version: '2', InferenceMs: expect.any(Number) },
    ]);
    expect(written()[0].ms).toBeGreaterThan(50);
    // Kept connections would keep the invocation, which is paid for.
    expect(context.callbackWaitsForEmptyEventLoop).toBe(false);
  });

  test('an answer without a stream comes the same way, its bytes as they are', async () => {
    const bytes = async () => ({ status: 200, headers: ['content-type', 'a/b'], body: text(['x', 'y']) });
    expect((await (await invoke(bytes, streamed('/v1/files'))).all()).body).toBe('xy');

    // More than Lambda carries of a result.
    const large = async () => jsonResponse('x'.repeat(7_000_000));
    const { head, body } = await (await invoke(large, streamed('/v1/embeddings'))).all();
    expect([head.statusCode, body.length]).toEqual([200, 7_000_002]);

    const empty = await (
      await invoke(async () => ({ status: 204, headers: [], body: [] }), streamed('/v1/files'))
    ).all();
    expect(empty).toMatchObject({ head: { statusCode: 204 }, body: '' });

    const zipped = streamed('/v1/files', '/v1', { 'Accept-Encoding': 'gzip', 'Content-Encoding': 'gzip' });
    Object.assign(zipped, { body: gzipSync('hello').toString('base64'), isBase64Encoded: true });
    const echo = async (request: HttpRequest) => jsonResponse(Buffer.from(request.body).toString().repeat(1000));
    const compressed = await (await invoke(echo, zipped)).all();
    expect(compressed.head.headers['content-encoding']).toBe('gzip');
  });

  test('a refusal has its status', async () => {
    const { ServiceError } = await import('../../src/protocol/service-error.ts');
    const refuse = () => Promise.reject(new ServiceError(503, 'busy', { retryAfterSeconds: 7 }));
    const { head, body } = await (await invoke(refuse, streamed('/v1/completions'))).all();
    expect(head).toMatchObject({ statusCode: 503, headers: { 'retry-after': '7' } });
    expect(JSON.parse(body)).toMatchObject({ error: { message: 'busy' } });
    expect(written()).toMatchObject([{ message: 'answered', status: 503 }]);
  });

  test('a failure in the middle leaves the stream open and fails the invocation, which is how the runtime cuts it', async () => {
    let isBroken = false;
    async function* stream() {
      yield Buffer.from('data: a\n\n');
      isBroken = true;
      throw new Error('out of luck');
    }
    const answer = async () => ({ status: 200, headers: events, body: [], stream: stream() });
    const invocation = await invoke(answer, streamed('/v1/completions'));
    await expect(invocation.ended).rejects.toThrow('out of luck');
    expect(isBroken).toBe(true);
    expect(await invocation.come()).toMatch(/\0data: a\n\n$/);
    expect([invocation.stream.writableEnded, invocation.stream.destroyed]).toEqual([false, false]);
    expect(written()).toMatchObject([{ level: 'ERROR', message: 'answered', status: 200, error: { name: 'Error' } }]);
  });

  test('what has not ended when the time of the function has is told so, and cut', async () => {
    let signal: AbortSignal | undefined;
    async function* stream() {
      yield Buffer.from('data: a\n\n');
      await new Promise(() => undefined);
    }
    const answer = async ({ gone }: HttpRequest) => {
      signal = gone();
      return { status: 200, headers: events, body: [], stream: stream() };
    };
    const invocation = await invoke(answer, streamed('/v1/completions'), { remainingMs: 700 });
    await expect(invocation.ended).rejects.toThrow(/no answer within the 0\.\d s that were left/);
    expect(signal?.aborted).toBe(true);
  });

  test('a stream that hears that its time is over has a moment to say so', async () => {
    async function* stream(signal: AbortSignal) {
      yield Buffer.from('data: a\n\n');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield Buffer.from('data: late\n\n');
    }
    const answer = async ({ gone }: HttpRequest) => ({
      status: 200,
      headers: events,
      body: [],
      stream: stream(gone()),
    });
    const { body } = await (await invoke(answer, streamed('/v1/completions'), { remainingMs: 700 })).all();
    expect(body).toBe('data: a\n\ndata: late\n\n');
  });

  test('stops asking for pieces where the runtime has closed the stream', async () => {
    let asked = 0;
    let hasEnded = false;
    async function* stream() {
      try {
        for (; asked < 1000; asked += 1) yield new Uint8Array(64 * 1024);
      } finally {
        hasEnded = true;
      }
    }
    const answer = async () => ({ status: 200, headers: events, body: [], stream: stream() });
    const invocation = await invoke(answer, streamed('/v1/completions'));
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    // No faster than it is taken.
    expect(asked).toBeLessThan(10);
    invocation.stream.destroy();
    await invocation.ended;
    expect([hasEnded, asked < 10]).toEqual([true, true]);
  });

  test('a caller that takes no streams has the result as JSON, with a stream joined, within its time and size', async () => {
    const answerOf = (count: number) => async () => {
      async function* stream() {
        for (let i = 0; i < count; i += 1) yield Buffer.from('data: a\n\n'.repeat(1000));
      }
      return { status: 200, headers: events, body: text(['first\n']), stream: stream() };
    };
    const event = streamed('/v2/models/story/infer', '/v2/models/{model}/{proxy+}');
    const whole = await invoke(answerOf(1), event);
    await whole.ended;
    expect(whole.contentType).toBe('application/json');
    const result = JSON.parse(await whole.come());
    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: false, headers: { 'x-request-id': 'request-1' } });
    expect(result.body).toBe(`first\n${'data: a\n\n'.repeat(1000)}`);

    const large = await invoke(answerOf(1000), event);
    await large.ended;
    expect(JSON.parse(await large.come())).toMatchObject({
      statusCode: 413,
      body: expect.stringContaining('answers do not stream here'),
    });

    // Though the function itself has minutes more.
    const late = await invoke(() => new Promise(() => undefined), event, { answerMs: 600 });
    await late.ended;
    expect(JSON.parse(await late.come())).toMatchObject({ statusCode: 504 });

    const warm = await invoke(answerOf(1), { source: 'tensorgate.warm-up' });
    await warm.ended;
    expect(await warm.come()).toBe('null');
  });

  test.each([
    ['/v1', true],
    ['/v1/{proxy+}', true],
    ['/v2/models/{model}/generate_stream', true],
    ['/v2/models/story/versions/{version}/generate_stream', true],
    ['/v2/models/{model}/{proxy+}', false],
    ['/v1x/{proxy+}', false],
    ['/openapi.json', false],
  ])('which paths stream is the same to API Gateway and to the function: %s', async (resource, streams) => {
    const invocation = await invoke(async () => jsonResponse({}), streamed('/any', resource));
    await invocation.ended;
    expect((await invocation.come()).includes('\0')).toBe(streams);
  });
});
