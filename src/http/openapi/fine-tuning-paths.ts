import { mostCount } from '../../core/training/most-count.ts';
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
const nullable = { type: ['string', 'null'] };

const orAuto = (schema: JsonObject): JsonObject => ({ oneOf: [{ const: 'auto' }, schema] });
const count = { type: 'integer', minimum: 1, maximum: mostCount };
const hyperparameters = {
  type: 'object',
  additionalProperties: false,
  properties: {
    n_epochs: orAuto(count),
    batch_size: orAuto(count),
    learning_rate_multiplier: orAuto({ type: 'number', exclusiveMinimum: 0, maximum: 1000 }),
  },
};
const method = {
  type: 'object',
  additionalProperties: false,
  properties: {
    type: { const: 'supervised' },
    supervised: {
      type: 'object',
      additionalProperties: false,
      properties: {
        hyperparameters,
        target: {
          ...text,
          description:
            'The column that is to be told; `label` or `completion` without it, or what assistants answer in `messages`.',
        },
        columns: { ...text, description: 'The columns to tell it by, such as `p0..p63,age`; all others without it.' },
        head: { enum: ['linear', 'mlp'], description: 'Train this on what the model gives, which stays as it is.' },
        freeze: { type: 'array', items: text, description: 'Weights that stay as they are.' },
      },
    },
  },
};
const metadata = { type: ['object', 'null'], additionalProperties: text };
const seed = { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 };

const create = {
  required: true,
  content: jsonContent({
    type: 'object',
    additionalProperties: false,
    required: ['model', 'training_file'],
    properties: {
      model: {
        ...text,
        description:
          'A model of the repository, such as `fraud` or `fraud@3`; or a new network: `new:mlp`, `new:cnn`, `new:logistic`, `new:linear`.',
      },
      training_file: {
        ...text,
        description: 'The id that `POST /v1/files` gave, or a `content_ref` of `POST /v2/uploads`.',
      },
      validation_file: { ...nullable, description: 'Rows to measure by; a part of the others without it.' },
      method,
      hyperparameters,
      suffix: {
        ...nullable,
        maxLength: 64,
        description: 'What the name of the new model ends in, `ft` without it; the name of a new network.',
      },
      seed: { ...seed, type: ['integer', 'null'] },
      metadata,
      integrations: { type: ['array', 'null'], maxItems: 0 },
    },
  }),
};

const job = objectOf({
  id: text,
  object: { const: 'fine_tuning.job' },
  created_at: whole,
  finished_at: { type: ['integer', 'null'], minimum: 0 },
  estimated_finish: { type: 'null' },
  model: text,
  fine_tuned_model: {
    ...nullable,
    description: 'The new version, as `model@version`: a candidate, to which no alias leads.',
  },
  user_provided_suffix: nullable,
  organization_id: { ...text, description: 'The name of the key that asked for it.' },
  status: { enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'] },
  training_file: text,
  validation_file: nullable,
  hyperparameters,
  method,
  seed,
  result_files: { type: 'array', maxItems: 0 },
  trained_tokens: { type: 'null' },
  error: { oneOf: [{ type: 'null' }, objectOf({ code: text, message: text, param: nullable })] },
  integrations: { type: 'array', maxItems: 0 },
  metadata,
});
const event = objectOf({
  id: text,
  object: { const: 'fine_tuning.job.event' },
  created_at: whole,
  level: { enum: ['info', 'warn', 'error'] },
  message: text,
  type: { enum: ['message', 'metrics'] },
  data: {
    type: 'object',
    description:
      'Of a pass its number and its losses, of the end what was measured of the new model, as its manifest has it; else nothing.',
  },
});
const checkpoint = objectOf({
  id: text,
  object: { const: 'fine_tuning.job.checkpoint' },
  created_at: whole,
  fine_tuned_model_checkpoint: { ...text, description: 'The version, as `model@version`.' },
  fine_tuning_job_id: text,
  metrics: {
    type: 'object',
    properties: {
      step: whole,
      train_loss: { type: 'number', description: 'Of the rows that it learned from, during the pass.' },
      full_valid_loss: { type: 'number', description: 'Of all rows to stop by, after it.' },
    },
  },
  step_number: { ...whole, description: 'The last step of the best pass.' },
});

const ofId = { 400: 'The id, or a parameter, is wrong.', 404: 'There is no such job.', 413: 'The id is too long.' };
const place = '/v1/fine_tuning/jobs';

/** Jobs of the kind `train`, in the shapes of OpenAI's fine-tuning API. */
export const fineTuningPaths: JsonObject = {
  [place]: {
    get: {
      ...jobOperation('fineTuningJobs', 'The fine-tuning jobs there are, the newest first', {
        success: answer('Some of them.', jsonContent(listOf(job))),
        failed: { 400: 'A parameter is wrong.', 404: 'There is no such job.' },
      }),
      parameters: [
        ...pageParameters(100, 20),
        {
          name: 'metadata',
          in: 'query',
          description: 'Those with this metadata, `metadata[name]=value`; with none, `metadata=null`.',
          style: 'deepObject',
          explode: true,
          schema: { type: 'object', additionalProperties: text },
        },
      ],
    },
    post: jobOperation('createFineTuningJob', 'Have a model learn from rows of a file', {
      body: create,
      success: answer('The job.', jsonContent(job)),
      failed: {
        400: 'A field is wrong, or the model is a language model.',
        404: 'There is no such model, or no such file.',
        409: 'A file is in parts.',
        413: 'The files are too large.',
        415: 'It is no JSON.',
      },
    }),
  },
  [`${place}/{job_id}`]: {
    parameters: [jobIdParameter],
    get: jobOperation('fineTuningJob', 'How far a fine-tuning job is', {
      success: answer('The job.', jsonContent(job)),
      failed: ofId,
    }),
  },
  [`${place}/{job_id}/cancel`]: {
    parameters: [jobIdParameter],
    post: jobOperation('cancelFineTuningJob', 'Stop a fine-tuning job', {
      success: answer('The job.', jsonContent(job)),
      failed: { ...ofId, 409: 'It is over.', 415: 'The content encoding is unknown.' },
    }),
  },
  [`${place}/{job_id}/events`]: {
    parameters: [jobIdParameter],
    get: {
      ...jobOperation('fineTuningEvents', 'What became of a fine-tuning job, and what it said, the newest first', {
        success: answer('Some of it.', jsonContent(listOf(event))),
        failed: ofId,
      }),
      parameters: pageParameters(1000, 20),
    },
  },
  [`${place}/{job_id}/checkpoints`]: {
    parameters: [jobIdParameter],
    get: {
      ...jobOperation(
        'fineTuningCheckpoints',
        'Checkpoints of a fine-tuning job that are ready to use: the best weights, once they are a version',
        {
          success: answer('The one that there is, if any.', jsonContent(listOf(checkpoint))),
          failed: ofId,
        },
      ),
      parameters: pageParameters(1000, 10),
    },
  },
};
