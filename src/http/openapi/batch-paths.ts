import { uploadPurposes } from '../../core/batch-jobs/batch-files.ts';
import { answer } from './answer.ts';
import { jsonContent } from './json-content.ts';
import type { JsonObject } from './json-object.ts';
import { listOf } from './list-of.ts';
import { objectOf } from './object-of.ts';
import { openAiFailures } from './openai-failures.ts';
import { operation } from './operation.ts';
import { pageParameters } from './page-parameters.ts';

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const nullable = { type: ['string', 'null'] };

const file = objectOf({
  id: text,
  object: { const: 'file' },
  bytes: whole,
  created_at: whole,
  filename: text,
  purpose: { enum: [...uploadPurposes, 'batch_output'] },
  status: { const: 'processed' },
});
const batch = objectOf(
  {
    id: text,
    object: { const: 'batch' },
    endpoint: text,
    errors: { type: ['object', 'null'] },
    input_file_id: text,
    completion_window: text,
    status: {
      enum: ['validating', 'in_progress', 'finalizing', 'completed', 'failed', 'cancelling', 'cancelled'],
    },
    output_file_id: nullable,
    error_file_id: nullable,
    created_at: whole,
    request_counts: objectOf({ total: whole, completed: whole, failed: whole }),
    metadata: { type: ['object', 'null'], additionalProperties: text },
  },
  { in_progress_at: whole, completed_at: whole, failed_at: whole, cancelled_at: whole },
);

const upload = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: objectOf({ purpose: { enum: uploadPurposes }, file: { type: 'string', format: 'binary' } }),
    },
  },
};
const create = {
  required: true,
  content: jsonContent({
    type: 'object',
    required: ['input_file_id', 'endpoint'],
    properties: {
      input_file_id: {
        ...text,
        description: 'A file of requests, one a line; or a `content_ref` of `POST /v2/uploads`.',
      },
      endpoint: { ...text, pattern: '^/v[12]/', examples: ['/v2/models/iris/infer', '/v1/chat/completions'] },
      completion_window: { const: '24h' },
      metadata: { type: ['object', 'null'], additionalProperties: text },
    },
  }),
};

const description = `Each line of the file is a request, \`{"custom_id": "a", "method": "POST", "url": "/v2/models/m/infer", "body": {…}}\`, with the batch's endpoint as its URL, and a \`custom_id\` of its own.
Answers come in the same order: those that succeeded in the output file, all others, with the reason, in the error file.`;

const noFile = 'There is no such file.';
const noBatch = 'There is no such batch.';
const busy = 'The data of batches cannot be reached, or the server is full. Try again.';

function parameter(name: string, words: string): JsonObject {
  return { name, in: 'path', required: true, description: words, schema: { ...text, minLength: 1, maxLength: 256 } };
}

/** Failures of what has an id in its path, and others. */
function failuresOfId(others: Readonly<Record<number, string>>): JsonObject {
  return openAiFailures({ 400: 'The id is no name.', 413: 'The id is too long.', 503: busy, ...others });
}

/** Many requests as one job, in the shapes of OpenAI's Files and Batch APIs. */
export const batchPaths: JsonObject = {
  '/v1/files': {
    get: {
      ...described('files', 'The files there are: those that were uploaded, and those that batches have made', {
        success: answer('Some of them: 1,000 at most.', jsonContent(listOf(file))),
        failed: openAiFailures({ 400: 'A parameter is wrong.', 503: busy }),
      }),
      parameters: [
        ...pageParameters(10_000, 10_000),
        { name: 'order', in: 'query', schema: { enum: ['asc', 'desc'], default: 'desc' } },
        { name: 'purpose', in: 'query', schema: text },
      ],
    },
    post: described('createFile', 'Upload a file of requests, or of rows to learn from', {
      body: upload,
      success: answer('The file.', jsonContent(file)),
      failed: openAiFailures({
        400: 'The form is wrong.',
        413: 'The file is too large.',
        415: 'It is no form.',
        503: busy,
      }),
    }),
  },
  '/v1/files/{file_id}': {
    parameters: [parameter('file_id', 'Id of a file.')],
    get: described('file', 'What is known of a file', {
      success: answer('The file.', jsonContent(file)),
      failed: failuresOfId({ 404: noFile, 409: 'It is in parts.' }),
    }),
    delete: described('deleteFile', 'Delete a file that was uploaded', {
      success: answer(
        'It is deleted.',
        jsonContent(objectOf({ id: text, object: { const: 'file' }, deleted: { const: true } })),
      ),
      failed: failuresOfId({
        403: 'It was not uploaded here.',
        404: noFile,
        409: 'It is in parts, or a batch needs it.',
      }),
    }),
  },
  '/v1/files/{file_id}/content': {
    parameters: [parameter('file_id', 'Id of a file.')],
    get: described('fileContent', 'The content of a file, or the way to it', {
      success: answer('The content.', { 'application/octet-stream': {} }),
      failed: {
        307: { description: 'The content is at the URL in `Location`, for some minutes.' },
        ...failuresOfId({ 404: noFile, 409: 'It is in parts.' }),
      },
    }),
  },
  '/v1/batches': {
    get: {
      ...described('batches', 'The batches there are, the newest first', {
        success: answer('Some of them.', jsonContent(listOf(batch))),
        failed: openAiFailures({ 400: 'A parameter is wrong.', 404: noBatch, 503: busy }),
      }),
      parameters: pageParameters(100, 20),
    },
    post: {
      ...described('createBatch', 'Begin a job over a file of requests', {
        body: create,
        success: answer('The batch.', jsonContent(batch)),
        failed: openAiFailures({
          400: 'A field is wrong.',
          404: noFile,
          409: 'It is in parts.',
          413: 'It is too large.',
          415: 'It is no JSON.',
          503: busy,
        }),
      }),
      description,
    },
  },
  '/v1/batches/{batch_id}': {
    parameters: [parameter('batch_id', 'Id of a batch; also that of a job which an upload began.')],
    get: described('batch', 'How far a batch is', {
      success: answer('The batch.', jsonContent(batch)),
      failed: failuresOfId({ 404: noBatch }),
    }),
  },
  '/v1/batches/{batch_id}/cancel': {
    parameters: [parameter('batch_id', 'Id of a batch.')],
    post: described('cancelBatch', 'Stop a batch; what was done is kept', {
      success: answer('The batch.', jsonContent(batch)),
      failed: failuresOfId({ 404: noBatch, 409: 'It is over.', 415: 'The content encoding is unknown.' }),
    }),
  },
};

interface Described {
  readonly body?: JsonObject;
  readonly success: JsonObject;
  readonly failed: JsonObject;
}

function described(id: string, summary: string, { body, success, failed }: Described): JsonObject {
  const plain = operation({ tag: 'batches', id, summary, ...(body && { body }), answer: success, errors: [] });
  return { ...plain, responses: { ...(plain.responses as JsonObject), ...failed } };
}
