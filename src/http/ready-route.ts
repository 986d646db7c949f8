import type { ModelRepository } from '../core/model-repository.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { jsonResponse } from './json-response.ts';
import type { Handler } from './router.ts';

/** Whether the server is ready, and why not; where others need keys, which readiness does not ask for, without the names of models. */
export function readyRoute(repository: ModelRepository, needsKey: boolean): Handler {
  return () => {
    if (repository.isReady()) return jsonResponse({ ready: true });
    const reason = needsKey
      ? 'POST /v2/repository/index says why, to whoever has a key for metadata'
      : repository.whyNotReady();
    throw new ServiceError(503, `not ready: ${reason}`, { retryAfterSeconds: 1 });
  };
}
