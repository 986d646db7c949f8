import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { giveWay } from '../../functions/give-way.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { lambdaContext, lambdaEvent } from './lambda-event.ts';

const run = async (
  handle: (request: HttpRequest) => Promise<HttpResponse>,
  event = lambdaEvent('POST', '/a', { hello: 'you' }),
  remainingMs = 29_000,
) => {
  const { edge } = await import('../../functions/edge.ts');
  const handler = edge(handle, { maxDecompressedBytes: 1000, corsOrigin: undefined }) as unknown as (
    event: object,
    context: object,
  ) => Promise<APIGatewayProxyResult>;
  return handler(event, lambdaContext(remainingMs));
};

describe('edge', () => {
  beforeAll(() => {
    process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  });

  test('a deadline answers 504 before Lambda ends the process, and ends the work', async () => {
    let signal: AbortSignal | undefined;
    const started = performance.now();
    const answer = await run(
      (request) => {
        signal = request.gone();
        return new Promise(() => undefined);
      },
      undefined,
      600,
    );
    expect(answer.statusCode).toBe(504);
    expect(performance.now() - started).toBeLessThan(550);
    expect(signal?.aborted).toBe(true);
  });

  test('an answer that Lambda would not carry is 413, and says what to do', async () => {
    const answer = await run(async () => jsonResponse('x'.repeat(7_000_000)));
    expect(answer).toMatchObject({ statusCode: 413, body: expect.stringContaining('ask for fewer outputs') });
    expect(answer.body).toContain('links to the outputs (content_link_output)');
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
});

test('an environment within its memory stays', () => {
  let warned = 0;
  giveWay(Number.POSITIVE_INFINITY, () => {
    warned += 1;
  });
  expect(warned).toBe(0);
});
