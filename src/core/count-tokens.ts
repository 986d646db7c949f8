import type { InferenceContext } from './inference-context.ts';

/** Adds to the tokens of a request those that it came with, and those that were generated for it. */
export function countTokens(context: InferenceContext, input: number, output = 0): void {
  if (input + output === 0) return;
  const before = context.tokens;
  context.tokens = { input: (before?.input ?? 0) + input, output: (before?.output ?? 0) + output };
}
