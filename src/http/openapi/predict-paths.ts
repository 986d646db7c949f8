import { answer } from './answer.ts';
import { inferenceFailures } from './inference-failures.ts';
import { itemContent } from './item-content.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';
import { sampling } from './text-schemas.ts';

const text = { type: 'string' };
const ms = { type: 'number', minimum: 0 };
const number = { anyOf: [{ type: 'number' }, { type: 'null' }] };

const description = `For models with a \`task\` in their model.json, whose callers send no tensors: texts, pictures, sounds, or named columns, one or a list of them,
in the shape of Hugging Face's inference API. A text or a file may be the body itself, or a form's field \`file\` or \`inputs\` beside \`parameters\` in JSON; in JSON, files are base64.`;

const uploads = ' One that was uploaded is `{"content_ref": …}`.';

const item = {
  description:
    'A text, a pair of texts (`{"text", "text_pair"}`), a file in base64, columns by name or in order, or sentences to compare (`{"source_sentence", "sentences"}`), as the task takes it.',
};
const request: JsonObject = {
  type: 'object',
  required: ['inputs'],
  additionalProperties: false,
  properties: {
    inputs: { anyOf: [item, { type: 'array', maxItems: 1024, items: item }] },
    parameters: {
      type: 'object',
      additionalProperties: false,
      properties: {
        aggregation_strategy: {
          enum: ['simple', 'none'],
          description: 'Of token-classification: words together, or each token for itself.',
        },
        truncate: { type: 'boolean', description: 'Texts that are too long are cut, in place of refused.' },
        max_new_tokens: {
          type: 'integer',
          minimum: 1,
          default: 20,
          description: 'Of models with the task `text-generation`, as what follows.',
        },
        max_tokens: {
          type: 'integer',
          minimum: 1,
          description: 'What `max_new_tokens` is, by the name of other APIs.',
        },
        do_sample: { type: 'boolean', default: false },
        return_full_text: { type: 'boolean', default: false },
        ...sampling,
        temperature: { type: 'number', minimum: 0, maximum: 2, default: 0 },
        top_k: {
          type: 'integer',
          minimum: -1,
          description:
            'Classes that are wanted of each item, 1 or more. Of models with the task `text-generation`: only so many of the likeliest tokens are drawn from; 0 (usually) or −1: all.',
        },
      },
    },
  },
};

const label: JsonObject = { type: 'object', required: ['label', 'score'], properties: { label: text, score: number } };
const picture: JsonObject = {
  type: 'object',
  required: ['image', 'width', 'height'],
  properties: { image: text, width: { type: 'integer' }, height: { type: 'integer' } },
};
const generated: JsonObject = {
  type: 'object',
  required: ['generated_text'],
  properties: { generated_text: text },
};
const place = { type: 'integer', minimum: 0 };
const named: JsonObject = {
  type: 'object',
  required: ['score', 'word', 'start', 'end'],
  properties: {
    entity_group: text,
    entity: text,
    index: { type: 'integer' },
    score: number,
    word: text,
    start: place,
    end: place,
  },
};
const stretch: JsonObject = { type: 'object', required: ['start', 'end'], properties: { start: ms, end: ms } };
const speech: JsonObject = {
  type: 'object',
  required: ['speech', 'probabilities', 'step_seconds', 'seconds'],
  properties: {
    speech: { type: 'array', items: stretch },
    probabilities: { type: 'array', items: number },
    step_seconds: ms,
    seconds: ms,
  },
};
const answered: JsonObject = {
  type: 'object',
  required: ['model', 'version', 'task', 'predictions', 'timings_ms'],
  properties: {
    model: text,
    version: text,
    task: text,
    predictions: {
      type: 'array',
      description:
        'One for each item: the best classes with their scores, objects or words with their places, a number, a vector or cosines, where there is speech, a picture in base64, or the text that it goes on with.',
      items: {
        anyOf: [
          { type: 'array', items: { anyOf: [label, named] } },
          number,
          text,
          { type: 'array', items: number },
          picture,
          generated,
          speech,
        ],
      },
    },
    truncated: { type: 'array', items: { type: 'integer' }, description: 'The items whose text was cut.' },
    timings_ms: {
      type: 'object',
      required: ['input', 'infer', 'total'],
      properties: { load: ms, input: ms, queue: ms, infer: ms, total: ms },
    },
  },
};

const predict = (id: string, names: readonly string[], hasExchange: boolean): JsonObject => ({
  post: {
    tags: ['inference'],
    operationId: id,
    summary: 'What a model says of texts, pictures, sounds or columns',
    description: description + (hasExchange ? uploads : ''),
    parameters: [...names, 'RequestTimeout'].map((name) => reference('parameters', name)),
    requestBody: {
      required: true,
      content: itemContent(request, {
        inputs: 'In place of `file`.',
        parameters: 'As in JSON: `{"top_k": 3}`.',
      }),
    },
    responses: {
      200: answer('What the model says.', { 'application/json': { schema: answered } }),
      ...inferenceFailures(
        'The model has no task, or an item is not what it takes',
        'The body cannot be an item of the task.',
      ),
    },
  },
});

/** What is asked of models with a task; `hasExchange`: items may have been uploaded. */
export function predictPaths(hasExchange: boolean): JsonObject {
  return {
    '/v1/predict/{model_name}': predict('predict', ['ModelName'], hasExchange),
    '/v1/predict/{model_name}/versions/{model_version}': predict(
      'predictVersion',
      ['ModelName', 'ModelVersion'],
      hasExchange,
    ),
  };
}
