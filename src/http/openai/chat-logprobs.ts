import type { TextProbability, TextToken } from '../../core/generation/generate-text.ts';

/** The bytes of a token; undefined where they are not known. */
export type BytesOf = (token: number) => Uint8Array | undefined;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Tokens with their probabilities, as chats have them. */
export function chatLogprobs(tokens: readonly TextToken[], bytesOf: BytesOf): object {
  const described = (token: TextProbability) => {
    const bytes = bytesIn(token, bytesOf);
    return { token: token.text, logprob: token.logprob, bytes: bytes ? [...bytes] : null };
  };
  const content = tokens.map((token) => ({ ...described(token), top_logprobs: token.top.map(described) }));
  return { content, refusal: null };
}

/** The part of a text's bytes that is a token's: of one that begins or ends within a character, its own. */
function bytesIn({ token, text }: TextProbability, bytesOf: BytesOf): Uint8Array | undefined {
  const bytes = encoder.encode(text);
  if (bytes.every((byte) => byte < 0x80)) return bytes;
  const own = bytesOf(token);
  if (own && !isWhole(own)) return own;
  return text.includes('\uFFFD') ? own : bytes;
}

function isWhole(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
