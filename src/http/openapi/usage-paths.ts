import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';

const text = { type: ['string', 'null'] };
const whole = { type: 'integer', minimum: 0 };
const object = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const parameter = (name: string, schema: JsonObject, description: string): JsonObject => ({
  name,
  in: 'query',
  required: false,
  schema,
  description,
});
const seconds = { type: 'integer', minimum: 0, maximum: 99_999_999_999 };

const result = object({
  object: { const: 'usage.result' },
  num_model_requests: whole,
  num_failed_requests: whole,
  num_items: whole,
  input_tokens: whole,
  output_tokens: whole,
  input_bytes: whole,
  output_bytes: whole,
  gigabyte_seconds: { type: 'number', minimum: 0 },
  api_key_id: text,
  model: text,
  model_version: text,
});
const bucket = object({
  object: { const: 'bucket' },
  start_time: whole,
  end_time: whole,
  results: { type: 'array', items: result },
});
const page = object({
  object: { const: 'page' },
  data: { type: 'array', items: bucket },
  has_more: { const: false },
  next_page: { type: 'null' },
});

/** What callers have used. */
export const usagePaths: JsonObject = {
  '/v1/usage': {
    get: {
      tags: ['server'],
      operationId: 'usage',
      summary: 'What was used, by days of UTC: your own, or where you may administer the server, of everybody',
      parameters: [
        parameter('start_time', seconds, 'Seconds since 1970, in the first day that is wanted. Default: today.'),
        parameter('end_time', seconds, 'Seconds since 1970, behind the last day that is wanted. Default: now.'),
        parameter('bucket_width', { const: '1d' }, 'A day: all there is.'),
        parameter(
          'group_by',
          { type: 'string' },
          'Some of `api_key_id`, `model` and `model_version`, with commas between. Default: none, one sum a day.',
        ),
      ],
      responses: {
        200: answer('A bucket for each day.', { 'application/json': { schema: page } }),
        ...openAiFailures({
          400: 'A parameter is wrong; the message names it.',
          503: 'What other hosts have counted cannot be read.',
        }),
      },
    },
  },
};
