import type { Limits } from '../../settings.ts';
import type { JsonObject } from './json-object.ts';

/** Parameters in paths and headers; `example` is a model that is loaded. */
export function parameters(limits: Limits, example: string | undefined): JsonObject {
  const name = { type: 'string', minLength: 1, maxLength: limits.maxNameLength };
  const modelName = {
    name: 'model_name',
    in: 'path',
    required: true,
    schema: { ...name, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' },
  };
  return {
    ModelName: {
      ...modelName,
      description: 'Name of a model that the server has.',
      ...(example === undefined ? {} : { example }),
    },
    StoredModelName: { ...modelName, description: 'Name of a model in the model repository.' },
    ModelVersion: {
      name: 'model_version',
      in: 'path',
      required: true,
      description: 'Number of a version, or an alias.',
      schema: { ...name, pattern: '^([1-9][0-9]*|[A-Za-z][A-Za-z0-9_-]*)$' },
    },
    InferenceHeaderContentLength: {
      name: 'Inference-Header-Content-Length',
      in: 'header',
      description:
        'Bytes of the JSON at the start of a body with binary tensors. 0: the body is nothing but the data of the only input.',
      schema: { type: 'integer', minimum: 0, maximum: limits.maxBodyBytes },
    },
    RequestTimeout: {
      name: 'X-Request-Timeout-Ms',
      in: 'header',
      description:
        'Milliseconds from the arrival after which the request is dropped, a wait for its model and a run under way included, with 504.',
      schema: { type: 'string', pattern: '^([0-9]*[1-9][0-9]*(\\.[0-9]+)?|0+\\.[0-9]*[1-9][0-9]*)$' },
      example: '30000',
    },
    ContentEncoding: {
      name: 'Content-Encoding',
      in: 'header',
      description: 'How the body is compressed, if it is.',
      schema: { type: 'string', enum: ['gzip', 'x-gzip', 'deflate', 'identity'] },
    },
    AcceptEncoding: {
      name: 'Accept-Encoding',
      in: 'header',
      description: 'How the answer may be compressed: `gzip` and `deflate` are understood.',
      schema: { type: 'string' },
    },
  };
}
