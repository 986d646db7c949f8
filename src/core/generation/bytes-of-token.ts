import type { Tokenizer } from '../../ports/tokenizer.ts';

type TokenBytes = readonly (Uint8Array | undefined)[];

const known = new WeakMap<Tokenizer, TokenBytes>();

/** The bytes that a token stands for, which may be part of a character; undefined where they are not known. */
export function bytesOfToken(tokenizer: Tokenizer, token: number): Uint8Array | undefined {
  const bytes = known.get(tokenizer) ?? bytesOf(tokenizer);
  known.set(tokenizer, bytes);
  return bytes[token];
}

function bytesOf(tokenizer: Tokenizer): TokenBytes {
  try {
    return tokenizer.tokenBytes();
  } catch {
    // The text of its tokens is something else than their bytes.
    return [];
  }
}
