import type { DataPlane } from '../core/data-plane.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { batchingWord } from './batching-word.ts';
import { jsonResponse } from './json-response.ts';
import { metadataTensor } from './metadata-tensor.ts';
import { modelConfig } from './model-config.ts';
import type { Handler } from './router.ts';

/** `GET /v2/models/:model[/versions/:version]…`: metadata, readiness, configuration and statistics of one model. */
export function modelRoutes(dataPlane: DataPlane): Record<'metadata' | 'ready' | 'config' | 'statistics', Handler> {
  const { repository } = dataPlane;
  return {
    async metadata(_request, [name = '', reference]) {
      const version = repository.resolve(name, reference);
      const { inputs, outputs, unservable } = await dataPlane.signature(version);
      const versions = reference === undefined ? repository.versions(name).filter(({ ready }) => ready) : [version];
      return jsonResponse({
        name,
        versions: versions.map((served) => String(served.version)),
        platform: 'onnx_onnxv1',
        inputs: inputs.map(metadataTensor),
        outputs: outputs.map(metadataTensor),
        parameters: {
          batching: batchingWord(version),
          ...(unservable.length > 0 ? { unservable_outputs: unservable } : {}),
        },
      });
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

    statistics(_request, [name, reference]) {
      const names = name === undefined ? repository.names() : [name];
      const versions =
        name === undefined || reference === undefined
          ? names.flatMap((each) => repository.versions(each))
          : [repository.resolve(name, reference)];
      return jsonResponse({
        model_stats: versions.map((version) => ({
          name: version.name,
          version: String(version.version),
          ...version.statistics.toJSON(),
        })),
      });
    },
  };
}
