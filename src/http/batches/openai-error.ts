import { ServiceError } from '../../protocol/service-error.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler } from '../router.ts';

/** The same handler, with failures as OpenAI's error object: `{"error": {"message", "type", "param", "code"}}`. */
export function openAiErrors(handler: Handler): Handler {
  return async (request, parameters) => {
    try {
      return await handler(request, parameters);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status === 500) throw error;
      const { status, message, retryAfterSeconds } = error;
      const type = status >= 500 ? 'server_error' : 'invalid_request_error';
      const headers = retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)];
      return jsonResponse({ error: { message, type, param: null, code: null } }, status, headers);
    }
  };
}
