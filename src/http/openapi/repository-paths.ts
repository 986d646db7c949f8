import { jsonAnswer } from './json-answer.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';
import { reference } from './reference.ts';

const empty = jsonAnswer('Done.', 'Empty');
const parameters = [reference('parameters', 'StoredModelName')];

const unloadParameters = {
  properties: {
    unload_dependents: {
      type: 'boolean',
      description: 'Unload also the models that an ensemble is made of, but for what other ensembles need.',
    },
  },
  description: 'Others are ignored.',
};

/** Triton's model repository extension. */
export const repositoryPaths: JsonObject = {
  '/v2/repository/index': {
    post: operation({
      tag: 'repository',
      id: 'repositoryIndex',
      summary: 'State of every version of every model',
      body: body({ ready: { type: 'boolean', description: 'Only those that are ready.' } }),
      answer: jsonAnswer('One entry for each version.', 'RepositoryIndex'),
      errors: [400, 413, 415, 503],
    }),
  },
  '/v2/repository/models/{model_name}/load': {
    parameters,
    post: operation({
      tag: 'repository',
      id: 'loadModel',
      summary: 'Load a model, or load it anew, as the repository has it now',
      body: body({ parameters: { type: 'object', maxProperties: 0, description: 'None are taken.' } }),
      answer: empty,
      errors: [400, 404, 413, 415, 500, 503],
    }),
  },
  '/v2/repository/models/{model_name}/unload': {
    parameters,
    post: operation({
      tag: 'repository',
      id: 'unloadModel',
      summary: 'Unload a model, once the requests that use it are answered',
      body: body({ parameters: unloadParameters }),
      answer: empty,
      errors: [400, 404, 413, 415, 500, 503],
    }),
  },
};

function body(properties: JsonObject): JsonObject {
  return { required: false, content: { 'application/json': { schema: { type: 'object', properties } } } };
}
