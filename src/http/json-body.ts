import { ServiceError } from '../protocol/service-error.ts';
import { checkNesting } from './check-nesting.ts';
import type { HttpRequest } from './http-message.ts';

/** The body as a JSON object; an empty one, which clients send, is `{}`. Throws 400 for anything else, 413 for one that nests too deep. */
export function jsonBody(request: HttpRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  checkNesting(request.body);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch (cause) {
    throw new ServiceError(400, 'the body is not JSON; send an object, or nothing', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ServiceError(400, 'the body is JSON but no object; send an object, or nothing');
}
