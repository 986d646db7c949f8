import { errorResponse } from '../../http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import type { OnCall } from '../../ports/answered-call.ts';
import { answeredHttp } from '../answered-http.ts';

type Handle = (request: HttpRequest) => Promise<HttpResponse>;

/** Answers requests by `handle`, and tells of each, also of tries that fail, as of a call of `owner`'s. */
export function reportCalls(handle: Handle, owner: string | undefined, onCall: OnCall): Handle {
  return async (request) => {
    const started = performance.now();
    const tell = (response: HttpResponse, error?: unknown) =>
      onCall(answeredHttp({ ...request, key: owner }, response, performance.now() - started, request.body, error));
    try {
      const response = await handle(request);
      tell(response);
      return response;
    } catch (error) {
      tell(errorResponse(error, request.requestId, request.path), error);
      throw error;
    }
  };
}
