import { answer } from './answer.ts';
import { chatAnswer, chatRequest, completionAnswer, completionRequest } from './chat-schemas.ts';
import { inferenceFailures } from './inference-failures.ts';
import { jsonContent } from './json-content.ts';
import type { JsonObject } from './json-object.ts';
import { objectOf } from './object-of.ts';
import { operation } from './operation.ts';
import { reference } from './reference.ts';
import { anyObject, closed, flag, list, sampling, text } from './text-schemas.ts';

/** Each event of a stream, whose data is JSON for the most part. */
const events: JsonObject = { 'text/event-stream': { schema: objectOf({ data: text }) } };
const streamed =
  "With `stream`, server-sent events, the last of which is `[DONE]`; what fails once they have begun is an event with OpenAI's error object.";

function openAiPath(id: string, summary: string, description: string, request: JsonObject, answered: JsonObject) {
  return {
    post: {
      tags: ['inference'],
      operationId: id,
      summary,
      description: `${description} ${streamed}`,
      parameters: [reference('parameters', 'RequestTimeout')],
      requestBody: { required: true, content: jsonContent(request) },
      responses: {
        200: answer('The texts.', { ...jsonContent(answered), ...events }),
        ...inferenceFailures('The request is wrong, or the prompt too long'),
      },
    },
  };
}

/** Components that the generate extension's paths share. */
export const textSchemas: JsonObject = {
  GenerateRequest: closed(
    { text_input: text },
    {
      id: text,
      parameters: closed(
        {},
        {
          max_tokens: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 20 },
          ...sampling,
          details: { ...flag, default: false, description: 'The answer tells its tokens, and why it ended.' },
          stream: flag,
        },
      ),
    },
  ),
  GenerateResponse: objectOf(
    { model_name: text, model_version: text, text_output: text },
    {
      id: text,
      details: objectOf({
        finish_reason: { enum: ['length', 'eos_token', 'stop_sequence'] },
        logprobs: list(anyObject),
      }),
    },
  ),
};

function generatePaths(path: string, prefix: string, names: readonly string[]): JsonObject {
  const parameters = names.map((name) => reference('parameters', name));
  const pathOf = (id: string, summary: string, description: string, content: JsonObject) => ({
    parameters,
    post: operation({
      tag: 'inference',
      id: `${prefix}${id}`,
      summary,
      description,
      parameters: ['RequestTimeout'],
      body: { required: true, content: jsonContent(reference('schemas', 'GenerateRequest')) },
      answer: answer('The text.', content),
      errors: [400, 404, 413, 415, 500, 503, 504],
    }),
  });
  const what = "Triton's generate extension, of models with the task `text-generation`.";
  const how = 'Server-sent events; what fails once they have begun is an event with `error`.';
  return {
    [`${path}/generate`]: pathOf(
      'Generate',
      'Go on with a text',
      what,
      jsonContent(reference('schemas', 'GenerateResponse')),
    ),
    [`${path}/generate_stream`]: pathOf(
      'GenerateStream',
      'Go on with a text, piece by piece',
      `${what} ${how}`,
      events,
    ),
  };
}

/** What goes on with text. */
export const textPaths: JsonObject = {
  '/v1/completions': openAiPath(
    'completions',
    'Go on with texts',
    'Of models with the task `text-generation`, in the shape of OpenAI.',
    completionRequest,
    completionAnswer,
  ),
  '/v1/chat/completions': openAiPath(
    'chatCompletions',
    'Answer a conversation',
    'Of models with the task `text-generation` and a chat template, in the shape of OpenAI. Calls of tools are held to their schemas.',
    chatRequest,
    chatAnswer,
  ),
  ...generatePaths('/v2/models/{model_name}', 'model', ['ModelName']),
  ...generatePaths('/v2/models/{model_name}/versions/{model_version}', 'modelVersion', ['ModelName', 'ModelVersion']),
};
