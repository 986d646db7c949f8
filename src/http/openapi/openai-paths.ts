import { answer } from './answer.ts';
import { inferenceFailures } from './inference-failures.ts';
import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';
import { reference } from './reference.ts';

const text = { type: 'string' };
const number = { anyOf: [{ type: 'number' }, { type: 'null' }] };
const whole = { type: 'integer', minimum: 0 };
const tokens: JsonObject = { type: 'array', minItems: 1, items: whole };
const object = (properties: JsonObject, optional: JsonObject = {}): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});
const json = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } });

const model = object({ id: text, object: { const: 'model' }, created: whole, owned_by: text }, { task: text });
const embeddings = object({
  object: { const: 'list' },
  data: {
    type: 'array',
    items: object(
      {
        object: { const: 'embedding' },
        index: whole,
        embedding: { anyOf: [text, { type: 'array', items: number }] },
      },
      { truncated: { const: true, description: 'The text was too long, and cut.' } },
    ),
  },
  model: text,
  usage: object({ prompt_tokens: whole, total_tokens: whole }),
});
const request: JsonObject = {
  ...object(
    {
      model: { ...text, description: 'A name, or a name with `@` and a version or alias behind it.' },
      input: {
        anyOf: [text, tokens, { type: 'array', minItems: 1, maxItems: 2048, items: { anyOf: [text, tokens] } }],
      },
    },
    {
      encoding_format: { enum: ['float', 'base64'], default: 'float' },
      dimensions: { type: 'integer', minimum: 1 },
      user: text,
      truncate: {
        type: 'boolean',
        default: false,
        description: 'Texts that are too long are cut, in place of refused.',
      },
    },
  ),
  additionalProperties: false,
};

/** What speaks in OpenAI's shapes, beside batches. */
export const openAiPaths: JsonObject = {
  '/v1/models': {
    get: {
      tags: ['models'],
      operationId: 'openAiModels',
      summary: 'All models, in the shape of OpenAI',
      responses: {
        200: answer('The models.', json(object({ object: { const: 'list' }, data: { type: 'array', items: model } }))),
      },
    },
  },
  '/v1/models/{model_name}': {
    get: {
      tags: ['models'],
      operationId: 'openAiModel',
      summary: 'One model, in the shape of OpenAI',
      parameters: [reference('parameters', 'ModelName')],
      responses: {
        200: answer('The model.', json(model)),
        ...openAiFailures({
          400: 'The name is no name.',
          404: 'There is no such model, version or alias.',
          413: 'The name is too long.',
          503: 'The settings of the model are broken.',
        }),
      },
    },
  },
  '/v1/embeddings': {
    post: {
      tags: ['inference'],
      operationId: 'embeddings',
      summary: 'A vector for each text',
      description: 'Of models with the task `feature-extraction`, in the shape of OpenAI.',
      parameters: [reference('parameters', 'RequestTimeout')],
      requestBody: { required: true, content: json(request) },
      responses: {
        200: answer('The vectors.', json(embeddings)),
        ...inferenceFailures('The request is wrong, or a text too long'),
      },
    },
  },
};
