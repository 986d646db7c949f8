import type { ServiceError } from '../../protocol/service-error.ts';

type Failure = Pick<ServiceError, 'status' | 'message'> & Partial<Pick<ServiceError, 'field' | 'code'>>;

/** A failure as OpenAI's error object: `{"error": {"message", "type", "param", "code"}}`. */
export function openAiErrorBody({ status, message, field, code }: Failure): object {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: field ?? null, code: code ?? null } };
}
