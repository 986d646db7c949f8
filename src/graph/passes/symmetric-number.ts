// Added and subtracted again, it leaves a whole number, rounded to the nearest, halves to the even one.
const rounder = 1.5 * 2 ** 52;

/** The number of 8 bits that stands for a value. Source: onnxruntime/quantization/quant_utils.py, quantize_nparray. */
export function symmetricNumber(value: number, scale: number): number {
  const number = Math.fround(value / scale) + rounder - rounder;
  return Math.min(127, Math.max(-128, number));
}
