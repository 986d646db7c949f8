import type { GenerationSettings } from '../../src/core/generation/generation.ts';

/** Settings of greedy decoding without an end, but for what a test says. */
export function generationSettings(settings: Partial<GenerationSettings> = {}): GenerationSettings {
  return {
    maxTokens: 10,
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
    endTokens: [],
    constraint: undefined,
    ...settings,
  };
}
