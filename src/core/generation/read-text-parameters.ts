import type { Fields } from '../fields.ts';
import { readSampling, type Sampling, samplingFields } from './read-sampling.ts';

/** What Hugging Face's clients say of a text that is to be made. */
export interface TextParameters {
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** Texts have their prompts in front. */
  readonly isFull: boolean;
}

/** The fields that `readTextParameters` reads. */
export const textParameterNames: readonly string[] = [
  'max_new_tokens',
  'max_tokens',
  'do_sample',
  'return_full_text',
  ...samplingFields,
];

const most = Number.MAX_SAFE_INTEGER;

/**
 * How a text is made, by Hugging Face's names, and `max_tokens` of all others. Unless a caller says otherwise each
 * token is the likeliest, as it is there. Throws 400.
 */
export function readTextParameters(fields: Fields): TextParameters {
  const isDrawn = fields.flag('do_sample');
  const sampling = readSampling(fields, isDrawn ? 1 : 0);
  const settings = isDrawn === false ? { ...sampling.settings, temperature: 0 } : sampling.settings;
  return {
    sampling: { ...sampling, settings },
    maxTokens: fields.whole('max_new_tokens', 1, most) ?? fields.whole('max_tokens', 1, most) ?? 20,
    isFull: fields.flag('return_full_text') ?? false,
  };
}
