import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerRequest } from '../../core/batch-jobs/answer-shard.ts';
import { openAiErrorBody } from '../../http/batches/openai-error-body.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import { ServiceError } from '../../protocol/service-error.ts';

// A model, or memory, that cannot be had now may be there in a moment.
const pausesMs = [500, 2000];

/**
 * Answers requests of a job as the service answers those of callers, until `signal` aborts; then it rejects with the
 * signal's reason.
 */
export function answerWith(
  handle: (request: HttpRequest) => Promise<HttpResponse>,
  signal: AbortSignal,
): AnswerRequest {
  return async ({ url, body }, id) => {
    const request: HttpRequest = {
      method: 'POST',
      path: url,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
      requestId: id,
      gone: () => signal,
    };
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      try {
        const answer = await handle(request);
        if (answer.stream) {
          await answer.stream.return();
          throw new ServiceError(400, 'a batch keeps whole answers: leave "stream" out');
        }
        return { status: answer.status, body: Buffer.concat(answer.body).toString() };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServiceError)) throw error;
        const mayPass = error.status === 503 || error.retryAfterSeconds !== undefined;
        const wait = mayPass ? pausesMs[tries] : undefined;
        // What callers of OpenAI's API look for.
        if (wait === undefined) return { status: error.status, body: JSON.stringify(openAiErrorBody(error)) };
        await pause(Math.random() * wait);
      }
    }
  };
}
