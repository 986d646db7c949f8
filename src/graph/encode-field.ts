import { fieldTag } from './field-tag.ts';
import { heldBytes } from './held-bytes.ts';
import { joinBytes } from './join-bytes.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** A protobuf varint, of 64 bits in two's complement where it is negative. */
function encodeVarint(value: number): Uint8Array {
  if (value >= 0 && value < 128) return Uint8Array.of(value);
  const bytes: number[] = [];
  // 2^63 stands for the largest number, which no double is.
  let rest = BigInt.asUintN(64, value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** A field that holds a whole number. */
function whole(number: number, value: number): StoredBytes {
  return heldBytes(Buffer.concat([encodeVarint(fieldTag(number, 0)), encodeVarint(value)]));
}

/** A field that holds a float. */
function float(number: number, value: number): StoredBytes {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return heldBytes(Buffer.concat([encodeVarint(fieldTag(number, 5)), content]));
}

/** A field that holds bytes: a message of these parts. */
function message(number: number, parts: readonly StoredBytes[]): StoredBytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.concat([encodeVarint(fieldTag(number, 2)), encodeVarint(length)]);
  return joinBytes([heldBytes(head), ...parts]);
}

/** A field that holds a text. */
function text(number: number, content: string): StoredBytes {
  return message(number, [heldBytes(Buffer.from(content))]);
}

/** Encodes fields of protobuf messages, each by its number. Source: protobuf.dev, "Encoding". */
export const encodeField = { whole, float, text, message };
