import type { ModelRepository } from '../../core/model-repository.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler } from '../router.ts';
import { modelOf } from './model-of.ts';
import { nameIn } from './name-in.ts';

export interface ModelsRoute {
  readonly list: Handler;
  readonly one: Handler;
}

/** `GET /v1/models` and `GET /v1/models/{id}`, in OpenAI's shapes. */
export function modelsRoute(repository: ModelRepository): ModelsRoute {
  return {
    list: () => jsonResponse({ object: 'list', data: repository.names().map(described) }),
    one: (request, [id = '']) => {
      request.mayUse?.(nameIn(id), 'metadata');
      modelOf(repository, id);
      return jsonResponse(described(id));
    },
  };
}

/** When a model was made is not known: 0. */
function described(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'tensorgate' };
}
