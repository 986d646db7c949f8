import { answer } from './answer.ts';
import { jsonContent } from './json-content.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';
import { reference } from './reference.ts';

const text = { type: 'string' };
const binary = 'application/vnd.sagemaker-triton.binary+json';
const model = { type: 'object', required: ['modelName', 'modelUrl'], properties: { modelName: text, modelUrl: text } };
const models = { type: 'object', required: ['models'], properties: { models: { type: 'array', items: model } } };
const parameters = [
  { name: 'model_name', in: 'path', required: true, description: 'As `POST /models` named it.', schema: text },
];
const failure = (description: string): JsonObject => answer(description, jsonContent(reference('schemas', 'Error')));
const described = (operation: JsonObject, more: JsonObject): JsonObject => ({
  ...operation,
  responses: { ...(operation.responses as JsonObject), ...more },
});

const description = `The body is that of an infer request, in JSON; with binary tensors behind it the media type is
\`${binary};json-header-size=<bytes of the JSON>\`, and that of the answer is so too, since SageMaker passes on no other header.`;

const invoke = (id: string, summary: string, more: JsonObject = {}): JsonObject => ({
  ...operation({
    tag: 'sagemaker',
    id,
    summary,
    description,
    body: {
      required: true,
      content: { 'application/json': { schema: reference('schemas', 'InferRequest') }, [binary]: {} },
    },
    answer: answer('The outputs.', { ...jsonContent(reference('schemas', 'InferResponse')), [binary]: {} }),
    errors: [400, 404, 413, 415, 500, 503, 504],
  }),
  ...more,
});

/** SageMaker's contract with a container. */
export const sageMakerPaths: JsonObject = {
  '/ping': {
    get: operation({
      tag: 'sagemaker',
      id: 'ping',
      isOpen: true,
      summary: 'Whether the container takes requests',
      answer: answer('It does.', {}),
      errors: [503],
    }),
  },
  '/invocations': {
    post: invoke('invocations', 'Run the only model, or the one that a header names', {
      parameters: [
        {
          name: 'X-Amzn-SageMaker-Target-Model',
          in: 'header',
          description: 'The model, or the archive of that name (`fraud.tar.gz`); needed where there are several.',
          schema: text,
        },
      ],
    }),
  },
  '/models': {
    get: operation({
      tag: 'sagemaker',
      id: 'mountedModels',
      summary: 'The models that `POST /models` has loaded',
      answer: answer('They.', jsonContent(models)),
      errors: [503],
    }),
    post: described(
      operation({
        tag: 'sagemaker',
        id: 'mountModel',
        summary: 'Load the model in a folder of this machine, under a name',
        body: {
          required: true,
          content: jsonContent({
            type: 'object',
            required: ['model_name', 'url'],
            properties: { model_name: text, url: text },
          }),
        },
        answer: answer('It is loaded.', jsonContent(model)),
        errors: [400, 413, 415, 503],
      }),
      { 409: failure('It is loaded already.'), 507: failure('There is no memory for it.') },
    ),
  },
  '/models/{model_name}': {
    parameters,
    get: operation({
      tag: 'sagemaker',
      id: 'mountedModel',
      summary: 'Where a model was loaded from',
      answer: answer('It.', jsonContent(model)),
      errors: [404, 413, 503],
    }),
    delete: operation({
      tag: 'sagemaker',
      id: 'unmountModel',
      summary: 'Unload a model',
      answer: answer('It is unloaded.', jsonContent({ type: 'object' })),
      errors: [404, 413, 503],
    }),
  },
  '/models/{model_name}/invoke': { parameters, post: invoke('invokeModel', 'Run a model') },
};
