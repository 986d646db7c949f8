import { type JobKind, jobKinds } from '../../core/model-jobs/job-kinds.ts';
import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';
import { operation } from './operation.ts';

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const time = { type: ['integer', 'null'], minimum: 0 };
const object = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const json = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } });

const source = {
  description:
    'A model of the repository, such as `fraud` or `fraud@3`; or files by the names that they are to have beside one another, each the id that `POST /v1/files` gave, or a `content_ref` of `POST /v2/uploads`.',
  oneOf: [text, object({ files: { type: 'object', minProperties: 1, maxProperties: 64, additionalProperties: text } })],
};

const job = object({
  id: text,
  object: { const: 'model.job' },
  kind: text,
  model: text,
  source: { oneOf: [{ type: 'null' }, source] },
  options: { type: 'object' },
  status: { enum: ['queued', 'running', 'cancelling', 'completed', 'refused', 'failed', 'cancelled'] },
  created_at: whole,
  started_at: time,
  finished_at: time,
  progress: { type: ['string', 'null'], description: 'What it said last.' },
  versions: {
    type: 'array',
    items: object({ model: text, version: text }),
    description: 'Those that it stored: candidates, to which no alias leads.',
  },
  error: { oneOf: [{ type: 'null' }, object({ code: text, message: text })] },
  result: { description: 'What the command tells with `--json`.' },
});
const event = object({ id: text, object: { const: 'model.job.event' }, created_at: whole, message: text });
const listOf = (items: JsonObject): JsonObject =>
  object({
    object: { const: 'list' },
    data: { type: 'array', items },
    first_id: { type: ['string', 'null'] },
    last_id: { type: ['string', 'null'] },
    has_more: { type: 'boolean' },
  });

function requestOf([kind, { options, required = [], isNew }]: readonly [string, JobKind]): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'model', ...(isNew ? [] : ['source']), ...(required.length > 0 ? ['options'] : [])],
    properties: {
      kind: { const: kind },
      model: { ...text, description: 'What is made becomes a version of it.' },
      source,
      options: { type: 'object', additionalProperties: false, required, properties: options },
    },
  };
}

const body = { required: true, content: json({ oneOf: Object.entries(jobKinds).map(requestOf) }) };

const busy = 'The data of jobs cannot be reached, or no more can wait. Try again.';
const none = { 404: 'There is no such job.' };
const id = {
  name: 'job_id',
  in: 'path',
  required: true,
  description: 'Id of a job.',
  schema: { ...text, minLength: 1, maxLength: 256 },
};

interface Described {
  readonly body?: JsonObject;
  readonly success: JsonObject;
  readonly failed: Readonly<Record<number, string>>;
}

function described(name: string, summary: string, { body: asked, success, failed }: Described): JsonObject {
  const plain = operation({
    tag: 'jobs',
    id: name,
    summary,
    ...(asked && { body: asked }),
    answer: success,
    errors: [],
  });
  return { ...plain, responses: { ...(plain.responses as JsonObject), ...openAiFailures({ ...failed, 503: busy }) } };
}

const ofId = { 400: 'The id is no name.', 413: 'The id is too long.', ...none };

/** Jobs that make models of others, each a command of `tensorgate`. */
export const jobPaths: JsonObject = {
  '/v1/jobs': {
    get: {
      ...described('jobs', 'The jobs there are, the newest first', {
        success: answer('Some of them.', json(listOf(job))),
        failed: { 400: 'A parameter is wrong.', ...none },
      }),
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
        { name: 'after', in: 'query', description: 'Those after this id.', schema: text },
      ],
    },
    post: described('createJob', 'Make a model of another', {
      body,
      success: answer('The job.', json(job)),
      failed: {
        400: 'A field is wrong.',
        404: 'There is no such file.',
        409: 'A file is in parts.',
        413: 'The files are too large.',
        415: 'It is no JSON.',
      },
    }),
  },
  '/v1/jobs/{job_id}': {
    parameters: [id],
    get: described('job', 'How far a job is', { success: answer('The job.', json(job)), failed: ofId }),
  },
  '/v1/jobs/{job_id}/events': {
    parameters: [id],
    get: described('jobEvents', 'What a job said, the last thousand lines of it', {
      success: answer('Its lines, the oldest first.', json(listOf(event))),
      failed: ofId,
    }),
  },
  '/v1/jobs/{job_id}/cancel': {
    parameters: [id],
    post: described('cancelJob', 'Stop a job', {
      success: answer('The job.', json(job)),
      failed: { ...ofId, 409: 'It is over.', 415: 'The content encoding is unknown.' },
    }),
  },
};
