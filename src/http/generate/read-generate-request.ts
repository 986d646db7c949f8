import { Fields } from '../../core/fields.ts';
import { readSampling, type Sampling, samplingFields } from '../../core/generation/read-sampling.ts';

export interface GenerateRequest {
  readonly id: string | undefined;
  readonly prompt: string;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** The answer says which tokens it has, with their probabilities, and why it ended. */
  readonly details: boolean;
}

/** The body of Triton's generate extension. Throws 400 that says what was expected, and what came. */
export function readGenerateRequest(body: Record<string, unknown>): GenerateRequest {
  const fields = new Fields(body, ['id', 'text_input', 'parameters']);
  const prompt = fields.text('text_input');
  if (prompt === undefined) throw fields.wrong('text_input', 'a text');
  const given = fields.value('parameters') ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw fields.wrong('parameters', 'an object');
  const known = ['max_tokens', ...samplingFields, 'details', 'stream'];
  const parameters = new Fields(given as Record<string, unknown>, known, 'parameter');
  // Triton's clients say it beside the path that says it.
  parameters.flag('stream');
  return {
    id: fields.text('id'),
    prompt,
    sampling: readSampling(parameters, 1),
    // As the protocol has it.
    maxTokens: parameters.whole('max_tokens', 1, Number.MAX_SAFE_INTEGER) ?? 20,
    details: parameters.flag('details') ?? false,
  };
}
