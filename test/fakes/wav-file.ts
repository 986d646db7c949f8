/**
 * A WAV file of samples that are encoded already, `step` bytes from one to the next; `size` is what it says of their bytes, `riffSize` of all that comes
 * behind it, `longSize` of their bytes too, in a file whose kind has 64 bits for it.
 */
export function wavFile(
  format: number,
  bits: number,
  data: Uint8Array,
  {
    channels = 1,
    rate = 16000,
    step = (channels * bits) / 8,
    size = data.length,
    riffSize = 36 + size,
    kind = 'RIFF',
    longSize,
  }: {
    channels?: number;
    rate?: number;
    step?: number;
    size?: number;
    riffSize?: number;
    kind?: 'RIFF' | 'RF64' | 'BW64';
    longSize?: number;
  } = {},
): Uint8Array {
  const head = Buffer.alloc(44);
  head.write(kind);
  head.writeUInt32LE(Math.min(riffSize, 0xffffffff), 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(step, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(size, 40);
  if (longSize === undefined) return Buffer.concat([head, data]);
  const sizes = Buffer.alloc(36);
  sizes.write('ds64');
  sizes.writeUInt32LE(28, 4);
  sizes.writeBigUInt64LE(BigInt(longSize), 16);
  return Buffer.concat([head.subarray(0, 12), sizes, head.subarray(12), data]);
}
