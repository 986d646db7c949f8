import type { TokenConstraint } from '../../ports/token-constraint.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TextSettings } from './generate-text.ts';
import type { LanguageModel } from './language-model.ts';
import type { Sampling } from './read-sampling.ts';

/** A text that a request wants. */
export interface TextChoice {
  /** Its tokens. */
  readonly prompt: readonly number[];
  /** As of `TextSettings`. */
  readonly isEchoed?: boolean;
  /** How it goes on; asked for as it begins. */
  readonly open: () => Promise<TextSettings>;
}

export interface AskedTexts {
  readonly sampling: Sampling;
  /** Undefined: as many as the model takes. */
  readonly maxTokens: number | undefined;
  /** How many of the likeliest tokens come with each; undefined: no probabilities. */
  readonly logprobs: number | undefined;
  /** Texts of each prompt. */
  readonly n: number;
}

/** What a text of so many tokens must follow, by its place among the choices; undefined: nothing. */
export type OpenConstraint = (choice: number, maxTokens: number) => Promise<TokenConstraint | undefined>;

/**
 * The texts that are wanted of some prompts: all of one, then all of the next. Throws 400 for a bias of tokens that
 * there are not.
 */
export function textChoices(
  { tokenizer, maxPositions, endTokens }: LanguageModel,
  prompts: readonly (readonly number[])[],
  { sampling: { settings, stops }, maxTokens: asked = maxPositions, logprobs, n }: AskedTexts,
  open: OpenConstraint = async () => undefined,
): readonly TextChoice[] {
  const strange = [...settings.logitBias.keys()].find((token) => token >= tokenizer.vocabulary);
  if (strange !== undefined)
    throw new ServiceError(
      400,
      `field 'logit_bias': expected tokens of 0 to ${tokenizer.vocabulary - 1}, got ${strange}`,
      { field: 'logit_bias' },
    );
  const { seed } = settings;
  return prompts.flatMap((prompt, place) => {
    const maxTokens = Math.min(asked, Math.max(1, maxPositions - prompt.length));
    return Array.from({ length: n }, (_, index) => ({
      prompt,
      open: async () => ({
        stops,
        settings: {
          ...settings,
          // The texts of a prompt would be the same.
          seed: seed === undefined ? undefined : seed + index,
          maxTokens,
          logprobs,
          endTokens,
          constraint: await open(place * n + index, maxTokens),
        },
      }),
    }));
  });
}
