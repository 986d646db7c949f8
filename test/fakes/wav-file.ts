/** A WAV file of samples that are encoded already; `size` is what it says of their bytes. */
export function wavFile(
  format: number,
  bits: number,
  data: Uint8Array,
  { channels = 1, rate = 16000, size = data.length } = {},
): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, data]);
}
