import { roundToEven } from './round-to-even.ts';

/** The number of 8 bits that stands for a value. Source: onnxruntime/quantization/quant_utils.py, quantize_nparray. */
export function symmetricNumber(value: number, scale: number): number {
  const number = roundToEven(Math.fround(value / scale));
  return Math.min(127, Math.max(-128, number));
}
