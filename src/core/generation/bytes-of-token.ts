import type { Tokenizer } from '../../ports/tokenizer.ts';

type TokenBytes = readonly (Uint8Array | undefined)[];

const known = new WeakMap<Tokenizer, TokenBytes>();

/** The bytes that a token stands for, which may be part of a character; undefined where they are not known. */
export function bytesOfToken(tokenizer: Tokenizer, token: number): Uint8Array | undefined {
  return bytesOf(tokenizer)[token];
}

/** The token that stands for a byte alone; undefined where there is none. */
export function tokenOfByte(tokenizer: Tokenizer, byte: number): number | undefined {
  const token = bytesOf(tokenizer).findIndex((bytes) => bytes?.length === 1 && bytes[0] === byte);
  return token === -1 ? undefined : token;
}

function bytesOf(tokenizer: Tokenizer): TokenBytes {
  const bytes = known.get(tokenizer) ?? found(tokenizer);
  known.set(tokenizer, bytes);
  return bytes;
}

function found(tokenizer: Tokenizer): TokenBytes {
  try {
    return tokenizer.tokenBytes();
  } catch {
    // The text of its tokens is something else than their bytes.
    return [];
  }
}
