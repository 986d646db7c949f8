import type { ByteWriter } from './byte-writer.ts';
import { writeWhole } from './write-whole.ts';

// Elements for which room is made at once.
const block = 4096;
// Of one number: ten digits, a sign, and the comma behind it.
const mostBytes = 12;

/** Writes whole numbers of 32 bits at most, each with a comma behind it. */
export function encodeWholes(
  writer: ByteWriter,
  values: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array,
): void {
  for (let start = 0; start < values.length; start += block) {
    const end = Math.min(start + block, values.length);
    writer.reserve((end - start) * mostBytes);
    const { bytes } = writer;
    let { at } = writer;
    for (let index = start; index < end; index += 1) {
      const value = values[index] as number;
      if (value < 0) bytes[at++] = 0x2d;
      at = writeWhole(Math.abs(value), bytes, at);
      bytes[at++] = 0x2c;
    }
    writer.at = at;
  }
}
