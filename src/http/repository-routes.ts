import type { ModelRepository } from '../core/model-repository.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest } from './http-message.ts';
import { jsonResponse } from './json-response.ts';
import type { Handler } from './router.ts';

/** `POST /v2/repository/…`: Triton's model repository extension. */
export function repositoryRoutes(repository: ModelRepository): Record<'index' | 'load' | 'unload', Handler> {
  return {
    index(request) {
      const { ready } = body(request);
      if (ready !== undefined && typeof ready !== 'boolean') {
        throw new ServiceError(400, `field 'ready': expected true or false, got ${JSON.stringify(ready)}`);
      }
      const entries = repository.index().filter((entry) => !ready || entry.ready);
      return jsonResponse(entries.map(({ ready: _, ...entry }) => entry));
    },

    async load(request, [name = '']) {
      const { parameters } = body(request);
      if (parameters !== undefined && JSON.stringify(parameters) !== '{}') {
        throw new ServiceError(
          400,
          'load takes no parameters: files and settings come from the model repository; push a version instead',
        );
      }
      await repository.load(name);
      return jsonResponse({});
    },

    async unload(request, [name = '']) {
      body(request);
      await repository.unload(name);
      return jsonResponse({});
    },
  };
}

/** The body as a JSON object; an empty one, which clients send, is `{}`. */
function body(request: HttpRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch (cause) {
    throw new ServiceError(400, 'the body is not JSON; send an object, or nothing', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ServiceError(400, 'the body is JSON but no object; send an object, or nothing');
}
