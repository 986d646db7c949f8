import type { DataPlane } from '../core/data-plane.ts';
import { serverMetadata } from '../core/server-metadata.ts';
import type { BatchAccess } from '../ports/batch-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExchangeAccess } from '../ports/exchange.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { batchRoutes } from './batches/batch-routes.ts';
import { type DocsOptions, docsRoutes } from './docs-routes.ts';
import { inferRoute } from './infer-route.ts';
import { jsonResponse } from './json-response.ts';
import { modelRoutes } from './model-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import type { Route } from './router.ts';
import { uploadRoute } from './upload-route.ts';

/** The Open Inference Protocol v2 with Triton's extensions, as the specification's own table has it, and uploads. */
export function routes(
  dataPlane: DataPlane,
  clock: Clock,
  docs: DocsOptions,
  exchange?: ExchangeAccess,
  batches?: BatchAccess,
): readonly Route[] {
  const { limits, version: serverVersion } = docs;
  const { repository } = dataPlane;
  const model = modelRoutes(dataPlane);
  const control = repositoryRoutes(repository);
  const infer = inferRoute(dataPlane, limits, clock, exchange);
  return [
    ['GET', '/v2', () => jsonResponse(serverMetadata(serverVersion))],
    ['GET', '/v2/health/live', () => jsonResponse({ live: true })],
    [
      'GET',
      '/v2/health/ready',
      () => {
        if (repository.isReady()) return jsonResponse({ ready: true });
        throw new ServiceError(503, `not ready: ${repository.whyNotReady()}`, { retryAfterSeconds: 1 });
      },
    ],
    ['GET', '/v2/models', () => jsonResponse({ models: repository.names() })],
    ['GET', '/v2/models/stats', model.statistics],
    ['GET', '/v2/models/:model', model.metadata],
    ['GET', '/v2/models/:model/ready', model.ready],
    ['GET', '/v2/models/:model/config', model.config],
    ['GET', '/v2/models/:model/stats', model.statistics],
    ['POST', '/v2/models/:model/infer', infer],
    ['GET', '/v2/models/:model/versions/:version', model.metadata],
    ['GET', '/v2/models/:model/versions/:version/ready', model.ready],
    ['GET', '/v2/models/:model/versions/:version/config', model.config],
    ['GET', '/v2/models/:model/versions/:version/stats', model.statistics],
    ['POST', '/v2/models/:model/versions/:version/infer', infer],
    ['POST', '/v2/uploads', uploadRoute(exchange)],
    ...batchRoutes(batches),
    ['POST', '/v2/repository/index', control.index],
    ['POST', '/v2/repository/models/:model/load', control.load],
    ['POST', '/v2/repository/models/:model/unload', control.unload],
    ...docsRoutes(dataPlane, docs),
  ];
}
