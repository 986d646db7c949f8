import { ServiceError } from '../../protocol/service-error.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler } from '../router.ts';
import { openAiErrorBody } from './openai-error-body.ts';

/** The same handler, with failures as OpenAI's error object. */
export function openAiErrors(handler: Handler): Handler {
  return async (request, parameters) => {
    try {
      return await handler(request, parameters);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status === 500) throw error;
      const { status, retryAfterSeconds } = error;
      const headers = retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)];
      return jsonResponse(openAiErrorBody(error), status, headers);
    }
  };
}
