import type { TextProbability, TextToken } from '../../core/generation/generate-text.ts';

const encoder = new TextEncoder();

/** Tokens with their probabilities, as chats have them. */
export function chatLogprobs(tokens: readonly TextToken[]): object {
  const content = tokens.map((token) => ({ ...described(token), top_logprobs: token.top.map(described) }));
  return { content, refusal: null };
}

/** Of a token that is part of a character the bytes are not known. */
function described({ text, logprob }: TextProbability): object {
  return { token: text, logprob, bytes: text.includes('\uFFFD') ? null : [...encoder.encode(text)] };
}
