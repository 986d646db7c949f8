import type { ByteWriter } from './byte-writer.ts';
import { writeWhole } from './write-whole.ts';

// Elements for which room is made at once.
const block = 4096;
// Of one number: 20 digits, or 19 and a sign, and the comma behind it.
const mostBytes = 21;
// From here on, the upper half makes more than the 53 bits that a number holds exactly.
const mostHigh = 2 ** 21;

/** Writes whole numbers of 64 bits, each with a comma behind it. */
export function encodeLongs(writer: ByteWriter, values: BigInt64Array | BigUint64Array): void {
  const isSigned = values instanceof BigInt64Array;
  const lows = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let start = 0; start < values.length; start += block) {
    const end = Math.min(start + block, values.length);
    writer.reserve((end - start) * mostBytes);
    for (let index = start; index < end; index += 1) {
      const word = lows[index * 2 + 1] as number;
      const high = isSigned ? word | 0 : word;
      if (high >= -mostHigh && high < mostHigh) {
        const value = high * 2 ** 32 + (lows[index * 2] as number);
        if (value < 0) writer.bytes[writer.at++] = 0x2d;
        writer.at = writeWhole(Math.abs(value), writer.bytes, writer.at);
      } else writer.text(String(values[index]));
      writer.bytes[writer.at++] = 0x2c;
    }
  }
}
