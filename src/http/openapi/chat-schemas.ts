import type { JsonObject } from './json-object.ts';
import { objectOf } from './object-of.ts';
import { anyObject, closed, flag, list, nullable, sampling, text, whole } from './text-schemas.ts';

const most: JsonObject = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
const model: JsonObject = { ...text, description: 'A name, or a name with `@` and a version or alias behind it.' };
const streaming: JsonObject = {
  stream: { ...flag, default: false, description: 'The answer comes as events, each token as soon as it is known.' },
  stream_options: closed({}, { include_usage: flag, include_obfuscation: { const: false } }),
};
const tokens = list(whole, { minItems: 1 });

export const completionRequest: JsonObject = closed(
  { model, prompt: { anyOf: [text, tokens, list({ anyOf: [text, tokens] }, { minItems: 1, maxItems: 128 })] } },
  {
    max_tokens: { ...most, default: 16 },
    n: { type: 'integer', minimum: 1, maximum: 128, default: 1 },
    best_of: { type: 'integer', minimum: 1, maximum: 128, description: 'No more than `n`: all texts are given.' },
    logprobs: { ...whole, maximum: 20 },
    echo: { ...flag, default: false },
    suffix: { const: '' },
    ...streaming,
    ...sampling,
    user: text,
  },
);

const call = objectOf(
  { id: text, function: objectOf({ name: text, arguments: text }) },
  { type: { const: 'function' } },
);
const message = objectOf(
  { role: { enum: ['system', 'developer', 'user', 'assistant', 'tool'] } },
  {
    content: nullable({ anyOf: [text, list(objectOf({ type: { const: 'text' }, text }))] }),
    name: text,
    tool_call_id: text,
    tool_calls: list(call),
  },
);
const tool = objectOf({
  type: { const: 'function' },
  function: objectOf(
    { name: { type: 'string', pattern: '^[\\w.-]{1,64}$' } },
    { description: text, parameters: anyObject },
  ),
});
const format = {
  anyOf: [
    objectOf({ type: { enum: ['text', 'json_object'] } }),
    objectOf({
      type: { const: 'json_schema' },
      json_schema: objectOf({ schema: anyObject }, { name: text, strict: flag }),
    }),
  ],
};

export const chatRequest: JsonObject = closed(
  { model, messages: list(message, { minItems: 1 }) },
  {
    max_tokens: { ...most, deprecated: true },
    max_completion_tokens: { ...most, description: 'Without it, as many as the model takes.' },
    n: { type: 'integer', minimum: 1, maximum: 128, default: 1 },
    logprobs: { ...flag, default: false },
    top_logprobs: { ...whole, maximum: 20 },
    response_format: { ...format, description: 'With a JSON schema, the answer always follows it.' },
    tools: list(tool, { maxItems: 128 }),
    tool_choice: {
      anyOf: [
        { enum: ['none', 'auto', 'required'] },
        objectOf({ type: { const: 'function' }, function: objectOf({ name: text }) }),
      ],
    },
    parallel_tool_calls: { ...flag, description: 'There is one call in an answer at most.' },
    ...streaming,
    ...sampling,
    modalities: list({ const: 'text' }),
    reasoning_effort: text,
    verbosity: text,
    user: text,
    metadata: anyObject,
    store: flag,
    service_tier: text,
    safety_identifier: text,
    prompt_cache_key: text,
    prompt_cache_retention: text,
  },
);

const frame = { id: text, created: whole, model: text, system_fingerprint: text };
const usage = objectOf({ prompt_tokens: whole, completion_tokens: whole, total_tokens: whole });
const reason = { enum: ['stop', 'length', 'tool_calls'] };

export const completionAnswer: JsonObject = objectOf({
  ...frame,
  object: { const: 'text_completion' },
  choices: list(objectOf({ index: whole, text, logprobs: nullable(anyObject), finish_reason: reason })),
  usage,
});

export const chatAnswer: JsonObject = objectOf({
  ...frame,
  object: { const: 'chat.completion' },
  choices: list(
    objectOf({
      index: whole,
      message: objectOf(
        { role: { const: 'assistant' }, content: nullable(text), refusal: { type: 'null' } },
        { tool_calls: list(call) },
      ),
      logprobs: nullable(anyObject),
      finish_reason: reason,
    }),
  ),
  usage,
});
