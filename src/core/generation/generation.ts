import type { TokenConstraint } from '../../ports/token-constraint.ts';

/** How the next tokens of a sequence are chosen. What a caller does not say has been filled in. */
export interface GenerationSettings {
  /** Tokens at most; the sequence ends as well where the model takes no more. */
  readonly maxTokens: number;
  /** 0: always the likeliest. */
  readonly temperature: number;
  /** Of the likeliest tokens, those that have this much of the probability together; 1: all. */
  readonly topP: number;
  /** As many of the likeliest; 0: all. */
  readonly topK: number;
  /** Those with at least this part of the likeliest one's probability; 0: all. */
  readonly minP: number;
  /** The same seed gives the same tokens; undefined: none that was asked for. */
  readonly seed: number | undefined;
  /** Taken from the logit of a token that was generated. */
  readonly presencePenalty: number;
  /** Taken from the logit of a token for each time that it was generated. */
  readonly frequencyPenalty: number;
  /**
   * What the logits of tokens in the prompt and of those generated are divided by, or multiplied where negative; 1:
   * nothing.
   */
  readonly repetitionPenalty: number;
  /** Added to the logits of tokens. */
  readonly logitBias: ReadonlyMap<number, number>;
  /** How many of the likeliest tokens come with each; undefined: no probabilities are wanted. */
  readonly logprobs: number | undefined;
  /** Tokens that end the sequence. */
  readonly endTokens: readonly number[];
  /** What the tokens must follow; the generation releases it. */
  readonly constraint: TokenConstraint | undefined;
}

export interface TokenProbability {
  readonly token: number;
  /** Natural logarithm of its probability, as the model has it at temperature 1, before penalties and bias. */
  readonly logprob: number;
}

/** One token of a generation. */
export interface GeneratedToken {
  readonly token: number;
  /** Absent where no probabilities are wanted. */
  readonly logprob?: number;
  /** The likeliest tokens in its place, best first. */
  readonly top?: readonly TokenProbability[];
  /**
   * Why it is the last: an end token (which it then is itself, and no part of the text), or as many as were wanted or
   * the model takes.
   */
  readonly finish?: 'stop' | 'length';
}

/**
 * Goes on with a prompt, a token at a time, each given as soon as it is known. Ends with the token that has `finish`,
 * or where the caller stops reading (`return`), which ends the work at once.
 *
 * Rejects with ServiceError 400 where the prompt has no token, or more than the model takes; 503 where there is no room
 * for it; 504 where `signal` ends it.
 */
export type Generate = (
  prompt: readonly number[],
  settings: GenerationSettings,
  signal: AbortSignal,
) => AsyncGenerator<GeneratedToken, void>;
