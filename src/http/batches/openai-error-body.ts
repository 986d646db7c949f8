import type { ServiceError } from '../../protocol/service-error.ts';

/** A failure as OpenAI's error object: `{"error": {"message", "type", "param", "code"}}`. */
export function openAiErrorBody({ status, message }: Pick<ServiceError, 'status' | 'message'>): object {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: null, code: null } };
}
