import { expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { errorResponse } from '../../src/http/error-response.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

test.each([
  [new ServiceError(409, 'the batch is over: it is completed'), 1],
  [new ServiceError(503, 'no more jobs can wait', { retryAfterSeconds: 0 }), 2],
])("OpenAI's clients ask again where that may help: %s", async (error, times) => {
  let asked = 0;
  const client = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1/v1',
    maxRetries: 1,
    fetch: async (url) => {
      asked += 1;
      const { status, headers, body } = errorResponse(error, 'id', new URL(String(url)).pathname);
      const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]] as [string, string]] : []));
      return new Response(Buffer.concat(body), { status, headers: pairs });
    },
  });
  await expect(client.batches.cancel('batch_1')).rejects.toMatchObject({ status: error.status });
  expect(asked).toBe(times);
});
