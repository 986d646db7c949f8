import type { GenerationSettings } from '../../src/core/generation/generation.ts';

/** The likeliest tokens, up to 1,000. */
export const plainSettings: GenerationSettings = {
  maxTokens: 1000,
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  seed: undefined,
  presencePenalty: 0,
  frequencyPenalty: 0,
  repetitionPenalty: 1,
  logitBias: new Map(),
  logprobs: undefined,
  endTokens: [257],
  constraint: undefined,
};
