import { type Kind, kindWords } from '../../core/tasks/flow.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';

/** The one item that a body is. Throws 415 for a media type that cannot be one. */
export function bodyItem(request: HttpRequest, kind: Kind, type: string): Uint8Array {
  if (kind === 'file') return request.body;
  if (kind === 'text' && /^\s*text\//i.test(type)) return request.body;
  throw new ServiceError(
    415,
    `content type '${type.slice(0, 100)}': the task takes ${kindWords[kind]}; send ${kind === 'text' ? 'it as text/plain, or ' : ''}application/json: {"inputs": …}`,
  );
}
