import type { ByteWriter } from './byte-writer.ts';
import { float32Bytes, writeFloat32 } from './write-float32.ts';

// Elements for which room is made at once.
const block = 4096;

/**
 * Writes FP32 numbers with the fewest digits that read back, each with a comma behind it; NaN and infinities are
 * strings.
 */
export function encodeFloats(writer: ByteWriter, values: Float32Array): void {
  for (let start = 0; start < values.length; start += block) {
    const end = Math.min(start + block, values.length);
    writer.reserve((end - start) * (float32Bytes + 1));
    const { bytes } = writer;
    for (let index = start; index < end; index += 1) {
      const value = values[index] as number;
      if (Number.isFinite(value)) writer.at = writeFloat32(value, bytes, writer.at);
      else writer.text(`"${value}"`);
      bytes[writer.at++] = 0x2c;
    }
  }
}
