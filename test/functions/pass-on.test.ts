import { expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { passOn } from '../../functions/pass-on.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { lambdaContext, lambdaEvent } from './lambda-event.ts';

function passing(ask: (request: HttpRequest) => Promise<HttpResponse>, corsOrigin?: string) {
  const errors: object[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object) => errors.push(fields) };
  type Handler = (event: object, context: object) => Promise<APIGatewayProxyResult>;
  return {
    handler: passOn(ask, log, { streams: false, answerMs: undefined, corsOrigin }) as unknown as Handler,
    errors,
  };
}

const event = lambdaEvent('POST', '/v2/models/whisper/infer', new Uint8Array([1, 200]));

test('what API Gateway brings is asked, and the answer goes back, bytes as they are', async () => {
  const { handler, errors } = passing(async ({ method, path, body }) => {
    expect([method, path, [...body]]).toEqual(['POST', '/v2/models/whisper/infer', [1, 200]]);
    return { status: 201, headers: ['content-type', 'application/octet-stream'], body: [new Uint8Array([255, 0])] };
  });
  expect(await handler(event, lambdaContext())).toEqual({
    statusCode: 201,
    headers: { 'content-type': 'application/octet-stream' },
    body: '/wA=',
    isBase64Encoded: true,
  });
  expect(errors).toEqual([]);
});

test('what is asked is told who calls, whatever the caller says of that', async () => {
  const told: unknown[] = [];
  const { handler } = passing(async ({ headers }) => {
    told.push([headers['x-tensorgate-caller'], headers['x-tensorgate-key-id']]);
    return { status: 200, headers: [], body: [] };
  });
  const forged = { 'X-Tensorgate-Caller': 'policy:admin', 'x-tensorgate-key-id': 'k9' };
  const by = (requestContext: object) => {
    const given = lambdaEvent('POST', '/v2/models/whisper/infer', new Uint8Array(), forged);
    return handler({ ...given, requestContext: { ...given.requestContext, ...requestContext } }, lambdaContext());
  };
  const principal = 'arn:aws:iam::123456789012:role/ci';
  await by({ authorizer: { caller: 'policy:acme' }, identity: { apiKeyId: 'k1' } });
  await by({ authorizer: { caller: 'key' }, identity: { apiKeyId: 'k2' } });
  await by({ authorizer: null, identity: { userArn: principal } });
  await by({ authorizer: null, identity: { apiKeyId: 'k3' } });
  expect(told).toEqual([
    ['policy:acme', 'k1'],
    ['key', 'k2'],
    [principal, '-'],
    ['key', 'k3'],
  ]);
});

test('a refusal is the service’s own, with when to try again, and nothing for the log', async () => {
  const refuse = () => Promise.reject(new ServiceError(503, 'asleep', { retryAfterSeconds: 60 }));
  const { handler, errors } = passing(refuse);
  const { statusCode, headers, body } = await handler(event, lambdaContext());
  expect([statusCode, headers?.['retry-after'], body]).toEqual([503, '60', '{"error":"asleep"}']);
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  const open = await passing(refuse, '*').handler(event, lambdaContext());
  expect(open.headers).toMatchObject({ 'access-control-allow-origin': '*' });
  expect(errors).toEqual([]);
});

test('what went wrong underneath is for the log alone', async () => {
  const cause = new Error('connect ECONNREFUSED 10.0.0.7:443');
  const { handler, errors } = passing(() => Promise.reject(new ServiceError(502, 'cannot be reached', { cause })));
  const { statusCode, body } = await handler(event, lambdaContext());
  expect([statusCode, body]).toEqual([502, '{"error":"cannot be reached"}']);
  expect(errors).toMatchObject([{ requestId: 'request-1', path: '/v2/models/whisper/infer', error: { cause } }]);
});

test('an answer that Lambda does not carry is refused in words', async () => {
  const { handler } = passing(async () => ({
    status: 200,
    headers: ['content-type', 'application/octet-stream'],
    body: [new Uint8Array(6 * 1024 * 1024)],
  }));
  const { statusCode, body } = await handler(event, lambdaContext());
  expect(statusCode).toBe(413);
  expect(body).toContain('more than Lambda carries');
});

test('504 comes before Lambda would end the process', async () => {
  const { handler } = passing(() => new Promise(() => undefined));
  expect(await handler(event, lambdaContext(520))).toMatchObject({ statusCode: 504 });
});

test('a stream comes whole where API Gateway takes none', async () => {
  async function* stream() {
    yield Buffer.from('data: 1\n\n');
    yield Buffer.from('data: 2\n\n');
  }
  const { handler } = passing(async () => ({
    status: 200,
    headers: ['content-type', 'text/event-stream'],
    body: [],
    stream: stream(),
  }));
  expect(await handler(event, lambdaContext())).toMatchObject({ statusCode: 200, body: 'data: 1\n\ndata: 2\n\n' });
});
