import { Fields } from '../../core/fields.ts';
import { readSampling, type Sampling, samplingFields } from '../../core/generation/read-sampling.ts';
import { type ChatMessage, readMessages } from './read-messages.ts';
import { readResponseFormat } from './read-response-format.ts';
import { readStream, type Stream } from './read-stream.ts';
import { readTools, type Tools } from './read-tools.ts';

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  /** Undefined: as many as the model takes. */
  readonly maxTokens: number | undefined;
  /** Answers that are wanted. */
  readonly n: number;
  /** How many of the likeliest tokens come with each; undefined: no probabilities. */
  readonly logprobs: number | undefined;
  /** The JSON schema that the answer follows; undefined: it is text. */
  readonly schema: object | undefined;
  readonly tools: Tools;
  readonly stream: Stream;
}

const fieldNames = [
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'logprobs',
  'top_logprobs',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'stream',
  'stream_options',
  ...samplingFields,
  // What OpenAI keeps, counts or bills by, or says of models that think.
  'modalities',
  'reasoning_effort',
  'verbosity',
  'user',
  'metadata',
  'store',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
];
const mostAnswers = 128;

/** The body of `POST /v1/chat/completions`. Throws 400 that says what was expected, and what came. */
export function readChatRequest(body: Record<string, unknown>): ChatRequest {
  const fields = new Fields(body, fieldNames);
  const model = fields.model();
  const messages = readMessages(fields);
  const tools = readTools(fields);
  const schema = readResponseFormat(fields);
  const sampling = readSampling(fields, 1);
  // It would cut JSON, which is promised to be whole.
  if (sampling.stops.length > 0 && (schema || tools.callable.length > 0))
    throw fields.wrong('stop', 'none where the answer is JSON or may call a tool (response_format, tools)');
  fields.flag('parallel_tool_calls');
  checkModalities(fields);
  const most = Number.MAX_SAFE_INTEGER;
  return {
    model,
    messages,
    sampling,
    maxTokens: fields.whole('max_completion_tokens', 1, most) ?? fields.whole('max_tokens', 1, most),
    n: fields.whole('n', 1, mostAnswers) ?? 1,
    logprobs: readLogprobs(fields),
    schema,
    tools,
    stream: readStream(fields),
  };
}

function checkModalities(fields: Fields): void {
  const modalities = fields.value('modalities') ?? ['text'];
  if (Array.isArray(modalities) && modalities.every((each) => each === 'text')) return;
  throw fields.wrong('modalities', '["text"]: language models here answer in text alone');
}

function readLogprobs(fields: Fields): number | undefined {
  const isWanted = fields.flag('logprobs') ?? false;
  const top = fields.whole('top_logprobs', 0, 20);
  if (!isWanted && top !== undefined) throw fields.wrong('top_logprobs', 'nothing without "logprobs": true');
  return isWanted ? (top ?? 0) : undefined;
}
