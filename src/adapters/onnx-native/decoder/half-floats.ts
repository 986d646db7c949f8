/** Copies numbers of 16 bits into ones of 32; `target` has as many elements. */
export type ReadHalfFloats = (bits: Uint16Array, target: Float32Array) => void;

/** Of each number of 16 bits, the one of 32: 256 KB. */
let table: Float32Array | undefined;

/** IEEE 754's 16 bits. */
export const readFloat16: ReadHalfFloats = (bits, target) => {
  table ??= Float32Array.from({ length: 65_536 }, (_, number) => float16(number));
  for (let index = 0; index < target.length; index += 1) target[index] = table[bits[index] as number] as number;
};

/** The upper 16 bits of a number of 32. */
export const readBfloat16: ReadHalfFloats = (bits, target) => {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let index = 0; index < words.length; index += 1) words[index] = (bits[index] as number) << 16;
};

function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
