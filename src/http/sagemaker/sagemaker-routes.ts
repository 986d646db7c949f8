import type { ModelRepository } from '../../core/model-repository.ts';
import { MountedModels } from '../../core/mounted-models.ts';
import { seenBy } from '../../core/seen-by.ts';
import { shownJson } from '../../core/shown-json.ts';
import type { ModelMounts } from '../../ports/model-mounts.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { jsonBody } from '../json-body.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler, Route } from '../router.ts';
import { sageMakerInfer } from './sagemaker-infer.ts';
import { targetModel } from './target-model.ts';

export interface SageMakerHost {
  readonly mounts: ModelMounts;
  /** Bytes of model files that may be loaded. */
  readonly memoryBudget: number;
}

/** SageMaker's contract with a container: for one model, and for many that it has loaded and unloaded. */
export function sageMakerRoutes(
  repository: ModelRepository,
  infer: Handler,
  ready: Handler,
  { mounts, memoryBudget }: SageMakerHost,
): readonly Route[] {
  const models = new MountedModels(repository, mounts, memoryBudget);
  return [
    [
      'GET',
      '/ping',
      'open',
      async (request) => {
        // Without a repository, models come only once SageMaker knows that the container is there.
        if (mounts.hasRepository) await ready(request, []);
        return { status: 200, headers: [], body: [] };
      },
    ],
    [
      'POST',
      '/invocations',
      'infer',
      (request) => {
        const model = targetModel(request, seenBy(request.caller, repository.listed()));
        request.caller?.check('infer', model);
        return sageMakerInfer(infer, request, model);
      },
    ],
    ['GET', '/models', 'read', ({ caller }) => jsonResponse({ models: models.list(caller) })],
    [
      'POST',
      '/models',
      'admin',
      async (request) => {
        const { model_name, url } = jsonBody(request);
        const name = text('model_name', model_name);
        request.caller?.check('admin', name);
        await models.load(name, text('url', url));
        return jsonResponse(models.find(name));
      },
    ],
    ['GET', '/models/:model', 'read', (_request, [name = '']) => jsonResponse(models.find(name))],
    [
      'DELETE',
      '/models/:model',
      'admin',
      async (_request, [name = '']) => {
        await models.unload(name);
        return jsonResponse({});
      },
    ],
    [
      'POST',
      '/models/:model/invoke',
      'infer',
      (request, [name = '']) => sageMakerInfer(infer, request, models.find(name).modelName),
    ],
  ];
}

function text(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ServiceError(400, `field '${field}': expected text, got ${shownJson(value)}`);
}
