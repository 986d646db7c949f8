import { indexFor } from '../core/index-for.ts';
import type { ModelRepository } from '../core/model-repository.ts';
import { refuseLoadParameters } from '../core/refuse-load-parameters.ts';
import { unloadModel } from '../core/unload-model.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { jsonBody } from './json-body.ts';
import { jsonResponse } from './json-response.ts';
import type { Handler } from './router.ts';

/** `POST /v2/repository/…`: Triton's model repository extension. */
export function repositoryRoutes(repository: ModelRepository): Record<'index' | 'load' | 'unload', Handler> {
  return {
    index(request) {
      const { ready } = jsonBody(request, true);
      if (ready !== undefined && typeof ready !== 'boolean') {
        throw new ServiceError(400, `field 'ready': expected true or false, got ${JSON.stringify(ready)}`);
      }
      const entries = indexFor(request.caller, repository, ready ?? false);
      return jsonResponse(entries.map(({ ready: _, ...entry }) => entry));
    },

    async load(request, [name = '']) {
      const { parameters } = jsonBody(request, true);
      refuseLoadParameters(parameters);
      await repository.load(name);
      return jsonResponse({});
    },

    async unload(request, [name = '']) {
      const { parameters } = jsonBody(request, true);
      await unloadModel(repository, name, parameters, (model) => request.caller?.check('admin', model));
      return jsonResponse({});
    },
  };
}
