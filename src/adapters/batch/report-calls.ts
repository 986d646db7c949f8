import { errorResponse } from '../../http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import type { OnCall } from '../../ports/answered-call.ts';
import type { Chosen } from '../../ports/served.ts';
import { answeredHttp } from '../answered-http.ts';

type Handle = (request: HttpRequest) => Promise<HttpResponse>;

/** Answers requests by `handle`, and tells of each, also of tries that fail, as of a call of `owner`'s. */
export function reportCalls(handle: Handle, owner: string | undefined, onCall: OnCall): Handle {
  return async (request) => {
    const started = performance.now();
    const tell = (response: HttpResponse, error?: unknown) =>
      onCall(answeredHttp({ ...request, key: owner }, response, performance.now() - started, request.body, error));
    let chosen: Chosen | undefined;
    const onChosen = (version: Chosen) => {
      chosen = version;
    };
    try {
      const response = await handle({ ...request, onChosen });
      tell(response);
      return response;
    } catch (error) {
      tell({ ...errorResponse(error, request.requestId, request.path), chosen }, error);
      throw error;
    }
  };
}
