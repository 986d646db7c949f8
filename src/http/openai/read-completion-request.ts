import { Fields } from '../../core/fields.ts';
import { mostTexts } from '../../core/generation/most-texts.ts';
import { readSampling, type Sampling, samplingFields } from '../../core/generation/read-sampling.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readStream, type Stream } from './read-stream.ts';
import { readTexts } from './read-texts.ts';

export interface CompletionRequest {
  readonly model: string;
  /** Texts, or the tokens of texts. */
  readonly prompts: readonly (string | readonly number[])[];
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** Texts of each prompt. */
  readonly n: number;
  readonly logprobs: number | undefined;
  /** Texts begin with their prompts. */
  readonly echo: boolean;
  readonly stream: Stream;
}

const fieldNames = [
  'model',
  'prompt',
  'max_tokens',
  'n',
  'best_of',
  'logprobs',
  'echo',
  'suffix',
  'stream',
  'stream_options',
  ...samplingFields,
  'user',
];

/**
 * The body of `POST /v1/completions`. Throws 400 that says what was expected, and what came; 413 for too many texts.
 */
export function readCompletionRequest(body: Record<string, unknown>): CompletionRequest {
  const fields = new Fields(body, fieldNames);
  const model = fields.model();
  const prompts = readTexts(fields, 'prompt');
  const n = fields.whole('n', 1, mostTexts) ?? 1;
  if (prompts.length * n > mostTexts)
    throw new ServiceError(
      413,
      `expected ${mostTexts} texts at most in one request, got ${prompts.length} prompts with n of ${n}; send it in parts`,
    );
  if ((fields.whole('best_of', 1, mostTexts) ?? n) !== n)
    throw fields.wrong('best_of', `what n is (${n}), as all texts are given`);
  if (fields.value('suffix') !== undefined && fields.value('suffix') !== '')
    throw new ServiceError(400, "field 'suffix': texts that end in another are not made here; leave it out", {
      field: 'suffix',
    });
  const logprobs = fields.whole('logprobs', 0, 20);
  const echo = fields.flag('echo') ?? false;
  if (echo && logprobs !== undefined)
    throw new ServiceError(400, "fields 'echo' and 'logprobs': there are no probabilities of a prompt; leave one out", {
      field: 'logprobs',
    });
  return {
    model,
    prompts,
    sampling: readSampling(fields, 1),
    // As OpenAI has it.
    maxTokens: fields.whole('max_tokens', 1, Number.MAX_SAFE_INTEGER) ?? 16,
    n,
    logprobs,
    echo,
    stream: readStream(fields),
  };
}
