import type { DataPlane } from '../core/data-plane.ts';
import { modelConfig } from '../core/model-config.ts';
import { modelMetadata } from '../core/model-metadata.ts';
import { statisticsOf } from '../core/statistics-of.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { jsonResponse } from './json-response.ts';
import type { Handler } from './router.ts';

/** `GET /v2/models/:model[/versions/:version]…`: metadata, readiness, configuration and statistics of one model. */
export function modelRoutes(dataPlane: DataPlane): Record<'metadata' | 'ready' | 'config' | 'statistics', Handler> {
  const { repository } = dataPlane;
  return {
    async metadata(_request, [name = '', reference]) {
      return jsonResponse(await modelMetadata(dataPlane, name, reference));
    },

    ready(_request, [name = '', reference]) {
      const reason = repository.whyModelNotReady(name, reference);
      if (reason === undefined) return jsonResponse({ name, ready: true });
      throw new ServiceError(503, reason, { retryAfterSeconds: 1 });
    },

    async config(_request, [name = '', reference]) {
      const version = repository.resolve(name, reference);
      return jsonResponse(modelConfig(version, await dataPlane.signature(version)));
    },

    statistics({ caller }, [name, reference]) {
      return jsonResponse(statisticsOf(repository, caller, name, reference));
    },
  };
}
