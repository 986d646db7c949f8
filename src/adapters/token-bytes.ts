import { byteLetters } from './byte-letters.ts';

/** The parts of a tokenizer.json that say which bytes each token stands for. */
export interface TokenBytesFile {
  readonly added_tokens?: readonly { readonly id: number }[];
  readonly decoder?: Decoder | null | undefined;
}

interface Decoder {
  readonly type?: string;
  readonly decoders?: readonly Decoder[];
  readonly pattern?: { readonly String?: string };
  readonly content?: string;
  readonly replacement?: string;
}

type ToBytes = (token: string) => Uint8Array;

const encoder = new TextEncoder();
const byteToken = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * The bytes of each token of a vocabulary, by its number; undefined for those that are added beside it, such as the end
 * of a text.
 *
 * Throws an Error where the text of tokens is not simply their bytes one after the other, as with BERT's.
 */
export function tokenBytes(
  file: TokenBytesFile,
  vocabulary: Readonly<Record<string, number>>,
): readonly (Uint8Array | undefined)[] {
  const toBytes = decoding(file.decoder ?? undefined);
  const tokens = Object.entries(vocabulary);
  const bytes: (Uint8Array | undefined)[] = Array.from({ length: tokens.length });
  for (const [token, id] of tokens) bytes[id] = toBytes(token);
  for (const { id } of file.added_tokens ?? []) bytes[id] = undefined;
  return bytes;
}

function decoding(decoder: Decoder | undefined): ToBytes {
  const steps = decoder?.type === 'Sequence' ? (decoder.decoders ?? []) : [decoder ?? {}];
  if (steps.some(({ type }) => type === 'ByteLevel')) return byteLevel();
  const isKnown = steps.every(({ type }) =>
    ['Replace', 'ByteFallback', 'Metaspace', 'Fuse', 'Strip'].includes(type ?? ''),
  );
  if (!isKnown) {
    const types = steps.map(({ type }) => type ?? 'none').join(', ');
    throw new Error(`the text of its tokens is not their bytes alone (its tokenizer.json has the decoder ${types})`);
  }
  const hasBytes = steps.some(({ type }) => type === 'ByteFallback');
  return (token) => {
    const [, hex] = (hasBytes && byteToken.exec(token)) || [];
    if (hex !== undefined) return Uint8Array.of(Number.parseInt(hex, 16));
    return encoder.encode(steps.reduce(replaced, token));
  };
}

function replaced(token: string, { type, pattern, content, replacement }: Decoder): string {
  if (type === 'Metaspace') return token.replaceAll(replacement ?? '▁', ' ');
  return type === 'Replace' && pattern?.String !== undefined ? token.replaceAll(pattern.String, content ?? '') : token;
}

function byteLevel(): ToBytes {
  const letters = byteLetters();
  return (token) => {
    const bytes = new Uint8Array(token.length);
    for (let at = 0; at < token.length; at += 1) {
      const byte = letters.get(token[at] as string);
      if (byte === undefined) return encoder.encode(token);
      bytes[at] = byte;
    }
    return bytes;
  };
}
