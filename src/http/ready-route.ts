import type { ModelRepository } from '../core/model-repository.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { jsonResponse } from './json-response.ts';
import type { Handler } from './router.ts';

/**
 * Whether the server is ready, and why not; where others need keys, which readiness does not ask for, without the names
 * of models; nor with them for a caller who may use but some.
 */
export function readyRoute(repository: ModelRepository, needsKey: boolean): Handler {
  return () => {
    if (repository.isReady()) return jsonResponse({ ready: true });
    const discreet = 'not ready: POST /v2/repository/index says why, of the models that a key is good for';
    const message = needsKey ? discreet : `not ready: ${repository.whyNotReady()}`;
    throw new ServiceError(503, message, { retryAfterSeconds: 1, discreet });
  };
}
