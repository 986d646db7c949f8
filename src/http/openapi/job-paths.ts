import { type JobKind, jobKinds } from '../../core/model-jobs/job-kinds.ts';
import { answer } from './answer.ts';
import { jobIdParameter } from './job-id-parameter.ts';
import { jobOperation } from './job-operation.ts';
import { jsonContent } from './json-content.ts';
import type { JsonObject } from './json-object.ts';
import { listOf } from './list-of.ts';
import { objectOf } from './object-of.ts';
import { pageParameters } from './page-parameters.ts';

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const time = { type: ['integer', 'null'], minimum: 0 };

const source = {
  description:
    'A model of the repository, such as `fraud` or `fraud@3`; or files by the names that they are to have beside one another, each the id that `POST /v1/files` gave, or a `content_ref` of `POST /v2/uploads`.',
  oneOf: [
    text,
    objectOf({ files: { type: 'object', minProperties: 1, maxProperties: 64, additionalProperties: text } }),
  ],
};

const job = objectOf({
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
    items: objectOf({ model: text, version: text }),
    description: 'Those that it stored: candidates, to which no alias leads.',
  },
  error: { oneOf: [{ type: 'null' }, objectOf({ code: text, message: text })] },
  result: { description: 'What the command tells with `--json`.' },
});
const event = objectOf({ id: text, object: { const: 'model.job.event' }, created_at: whole, message: text });

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

const body = { required: true, content: jsonContent({ oneOf: Object.entries(jobKinds).map(requestOf) }) };

const none = { 404: 'There is no such job.' };

const ofId = { 400: 'The id is no name.', 413: 'The id is too long.', ...none };

/** Jobs that make models of others, each a command of `tensorgate`. */
export const jobPaths: JsonObject = {
  '/v1/jobs': {
    get: {
      ...jobOperation('jobs', 'The jobs there are, the newest first', {
        success: answer('Some of them.', jsonContent(listOf(job))),
        failed: { 400: 'A parameter is wrong.', ...none },
      }),
      parameters: pageParameters(100, 20),
    },
    post: jobOperation('createJob', 'Make a model of another', {
      body,
      success: answer('The job.', jsonContent(job)),
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
    parameters: [jobIdParameter],
    get: jobOperation('job', 'How far a job is', { success: answer('The job.', jsonContent(job)), failed: ofId }),
  },
  '/v1/jobs/{job_id}/events': {
    parameters: [jobIdParameter],
    get: jobOperation('jobEvents', 'What a job said, the last thousand lines of it', {
      success: answer('Its lines, the oldest first.', jsonContent(listOf(event))),
      failed: ofId,
    }),
  },
  '/v1/jobs/{job_id}/cancel': {
    parameters: [jobIdParameter],
    post: jobOperation('cancelJob', 'Stop a job', {
      success: answer('The job.', jsonContent(job)),
      failed: { ...ofId, 409: 'It is over.', 415: 'The content encoding is unknown.' },
    }),
  },
};
