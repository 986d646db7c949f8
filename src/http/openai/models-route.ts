import type { ModelRepository } from '../../core/model-repository.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { seenBy } from '../../core/seen-by.ts';
import { taskNameOf } from '../../core/tasks/task-name-of.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler } from '../router.ts';
import { nameIn } from './name-in.ts';
import { referenceIn } from './reference-in.ts';

export interface ModelsRoute {
  readonly list: Handler;
  readonly one: Handler;
}

/** `GET /v1/models` and `GET /v1/models/{id}`, in OpenAI's shapes, with the task of each that has one. */
export function modelsRoute(repository: ModelRepository): ModelsRoute {
  const described = (id: string, version: ModelVersion | undefined) => {
    const task = version && taskNameOf(version);
    // When a model was made is not known.
    return { id, object: 'model', created: 0, owned_by: 'tensorgate', ...(task && { task }) };
  };
  // The version that `/v1/predict` asks, and none where it would refuse: the list has the model all the same.
  const meantBy = (name: string) => {
    try {
      return repository.resolve(name);
    } catch {
      return undefined;
    }
  };
  return {
    list: ({ caller }) => {
      const names = seenBy(caller, repository.listed());
      return jsonResponse({ object: 'list', data: names.map((name) => described(name, meantBy(name))) });
    },
    one: (request, [id = '']) => {
      request.caller?.check('read', nameIn(id));
      return jsonResponse(described(id, repository.resolve(nameIn(id), referenceIn(id))));
    },
  };
}
