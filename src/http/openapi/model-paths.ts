import { inferAnswer } from './infer-answer.ts';
import { jsonAnswer } from './json-answer.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';
import { reference } from './reference.ts';

const inferDescription = `Takes JSON, or JSON followed by binary tensors (Triton's binary tensor extension).

**Binary tensors.** The body is JSON, whose length in bytes \`Inference-Header-Content-Length\` gives, and then the data of those inputs that
have the parameter \`binary_data_size\` instead of \`data\`, in order: little-endian, row-major, without padding; BOOL as one byte; an element
of BYTES as its length in four bytes, then its bytes. A length of 0 means a raw body: nothing but the data of the model's only input.
Outputs come back so where \`binary_data\` or \`binary_data_output\` asks for it, and after a raw body.

**Compression.** \`Content-Encoding\` and \`Accept-Encoding\` may be gzip or deflate.`;

const exchangeDescription = `

**Large tensors.** An input may be uploaded before (\`POST /v2/uploads\`) and named by the parameter \`content_ref\`. An output comes as a link
where \`content_link\` or \`content_link_output\` asks for it: it is got from \`content_url\` in the form of binary tensors.`;

/**
 * What can be asked of a model, by its name alone and by name and version. `example` is a request to the model that the
 * parameters name; `hasExchange`: tensors may go through uploads and links.
 */
export function modelPaths(example: JsonObject | undefined, hasExchange: boolean): JsonObject {
  const all = operation({
    tag: 'models',
    id: 'listModels',
    summary: 'Names of all models',
    answer: jsonAnswer('The names.', 'ModelList'),
    errors: [503],
  });
  const statistics = operation({
    tag: 'models',
    id: 'statistics',
    summary: 'Counts and times of all models',
    answer: jsonAnswer('One entry for each version.', 'Statistics'),
    errors: [503],
  });
  const releases = operation({
    tag: 'models',
    id: 'modelReleases',
    summary: 'Where the aliases of a model lead, and how its canaries and shadows do',
    answer: jsonAnswer('Its aliases, as this host has them.', 'Releases'),
    errors: [400, 404, 413, 503],
  });
  return {
    '/v2/models': { get: all },
    '/v2/models/stats': { get: statistics },
    '/v2/models/{model_name}/releases': { parameters: [reference('parameters', 'ModelName')], get: releases },
    ...pathsBelow('/v2/models/{model_name}', 'model', ['ModelName'], hasExchange, example),
    ...pathsBelow(
      '/v2/models/{model_name}/versions/{model_version}',
      'modelVersion',
      ['ModelName', 'ModelVersion'],
      hasExchange,
      undefined,
    ),
  };
}

function pathsBelow(
  path: string,
  prefix: string,
  names: readonly string[],
  hasExchange: boolean,
  example: JsonObject | undefined,
): JsonObject {
  const what = prefix === 'model' ? 'a model' : 'a version of a model';
  const parameters = names.map((name) => reference('parameters', name));
  const get = (id: string, summary: string, schema: string, errors: readonly (404 | 500 | 503)[]) => ({
    parameters,
    get: operation({
      tag: 'models',
      id: `${prefix}${id}`,
      summary: `${summary} of ${what}`,
      answer: jsonAnswer(`${summary}.`, schema),
      errors: [400, ...errors, 413],
    }),
  });
  return {
    [path]: get('Metadata', 'Inputs and outputs', 'ModelMetadata', [404, 500, 503]),
    [`${path}/ready`]: get('Ready', 'Readiness', 'ModelReady', [404, 503]),
    [`${path}/config`]: get('Config', 'Triton configuration', 'ModelConfig', [404, 500, 503]),
    [`${path}/stats`]: get('Statistics', 'Counts and times', 'Statistics', [404, 503]),
    [`${path}/batches`]: get('Batches', 'The last runs, and why they began,', 'Batches', [404, 503]),
    [`${path}/infer`]: { parameters, post: inferOperation(prefix, what, hasExchange, example) },
  };
}

function inferOperation(
  prefix: string,
  what: string,
  hasExchange: boolean,
  example: JsonObject | undefined,
): JsonObject {
  const schema = reference('schemas', 'InferRequest');
  return operation({
    tag: 'inference',
    id: `${prefix}Infer`,
    summary: `Run ${what}`,
    description: inferDescription + (hasExchange ? exchangeDescription : ''),
    parameters: ['InferenceHeaderContentLength', 'RequestTimeout', 'ContentEncoding', 'AcceptEncoding'],
    body: {
      required: true,
      content: {
        'application/json': { schema, ...(example === undefined ? {} : { example }) },
        'application/octet-stream': {},
      },
    },
    answer: inferAnswer(reference('schemas', 'InferResponse')),
    errors: [400, 404, 413, 415, 500, 503, 504],
  });
}
