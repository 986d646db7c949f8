import { byteLetters } from './byte-letters.ts';

/** What a tokenizer.json says of how its tokens are written. */
export interface TokenForms {
  readonly model?: {
    readonly continuing_subword_prefix?: string | null;
    readonly end_of_word_suffix?: string | null;
    readonly byte_fallback?: boolean;
    readonly unk_token?: string | null;
  };
  readonly pre_tokenizer?: unknown;
  readonly decoder?: unknown;
}

/** UTF-8 of texts, and of what tokens stand for, without white space. */
export interface SolidBytes {
  text(text: string): Uint8Array;
  token(token: string): Uint8Array;
}

const encoder = new TextEncoder();
const byteToken = /^<0x([0-9A-F]{2})>$/;

/**
 * How the tokens of a tokenizer.json write text: as bytes in letters that show, with a mark for a space, or with one
 * where a word goes on.
 */
export function solidBytes({ model = {}, pre_tokenizer: words, decoder }: TokenForms): SolidBytes {
  if (isByteLevel(words) || isByteLevel(decoder)) {
    const bytes = byteLetters();
    return {
      text: (text) => encoder.encode(text).filter((byte) => !isSpace(byte)),
      token: (token) =>
        Uint8Array.from([...token].flatMap((letter) => bytes.get(letter) ?? [...encoder.encode(letter)])).filter(
          (byte) => !isSpace(byte),
        ),
    };
  }
  const { continuing_subword_prefix: prefix, end_of_word_suffix: suffix, byte_fallback: hasBytes } = model;
  // Where tokens may be bytes, only a space of one byte is told from others.
  const spaces = hasBytes ? /[ \t-\r\u2581]+/gu : /[\s\u2581]+/gu;
  const text = (given: string) => encoder.encode(given.replace(spaces, ''));
  return {
    text,
    token: (token) => {
      const byte = hasBytes ? byteToken.exec(token)?.[1] : undefined;
      if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16)).filter((value) => !isSpace(value));
      const begin = prefix && token.startsWith(prefix) ? prefix.length : 0;
      const end = suffix && token.endsWith(suffix) ? token.length - suffix.length : token.length;
      return text(token.slice(begin, end));
    },
  };
}

function isByteLevel(part: unknown): boolean {
  return JSON.stringify(part ?? null).includes('"ByteLevel"');
}

/** ASCII's; bytes of other characters are never the same. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
