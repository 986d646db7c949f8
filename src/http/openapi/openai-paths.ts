import { answer } from './answer.ts';
import { inferenceFailures } from './inference-failures.ts';
import { jsonContent } from './json-content.ts';
import type { JsonObject } from './json-object.ts';
import { objectOf } from './object-of.ts';
import { openAiFailures } from './openai-failures.ts';
import { reference } from './reference.ts';

const text = { type: 'string' };
const number = { anyOf: [{ type: 'number' }, { type: 'null' }] };
const whole = { type: 'integer', minimum: 0 };
const tokens: JsonObject = { type: 'array', minItems: 1, items: whole };

const model = objectOf({ id: text, object: { const: 'model' }, created: whole, owned_by: text }, { task: text });
const embeddings = objectOf({
  object: { const: 'list' },
  data: {
    type: 'array',
    items: objectOf(
      {
        object: { const: 'embedding' },
        index: whole,
        embedding: { anyOf: [text, { type: 'array', items: number }] },
      },
      { truncated: { const: true, description: 'The text was too long, and cut.' } },
    ),
  },
  model: text,
  usage: objectOf({ prompt_tokens: whole, total_tokens: whole }),
});
const request: JsonObject = {
  ...objectOf(
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
        200: answer(
          'The models.',
          jsonContent(objectOf({ object: { const: 'list' }, data: { type: 'array', items: model } })),
        ),
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
        200: answer('The model.', jsonContent(model)),
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
      requestBody: { required: true, content: jsonContent(request) },
      responses: {
        200: answer('The vectors.', jsonContent(embeddings)),
        ...inferenceFailures('The request is wrong, or a text too long'),
      },
    },
  },
};
